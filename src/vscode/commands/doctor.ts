import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { render } from '../../core/base/localizedText';
import { TacoPaths } from '../../core/programs/paths';
import type { DoctorCheck } from '../../environment/prerequisites/doctorCheck';
import { installCommand } from '../../environment/prerequisites/installCommands';
import { checkPrograms, type ProgramCheck } from '../../environment/prerequisites/programChecks';
import { checkSurroundings } from '../../environment/prerequisites/surroundings';
import { redisUrl, storeRedisPassword } from '../project/settings';
import type { CommandDeps } from './commandDeps';
import { agentClis } from './doctorAgentClis';

interface Finding extends vscode.QuickPickItem {
  readonly repair?: () => Thenable<unknown>;
}

/** Checks everything that a team needs and lists the findings. Picking a missing item leads to its fix. */
export async function runDoctor(deps: CommandDeps): Promise<void> {
  const findings = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('TACO: checking…') },
    () => examine(deps),
  );
  for (const { label, description } of findings) deps.logger.info('doctor', { label, description });
  const bad = findings.filter((finding) => finding.label.startsWith('$(error)')).length;
  const title =
    bad === 0 ? vscode.l10n.t('All prerequisites are installed') : vscode.l10n.t('Missing or too old: {0}', bad);
  const picked = await vscode.window.showQuickPick(findings, {
    title,
    placeHolder: vscode.l10n.t('Select an item to fix or test'),
  });
  await picked?.repair?.();
}

async function examine(deps: CommandDeps): Promise<readonly Finding[]> {
  const { host, secrets } = deps;
  const url = await redisUrl(secrets);
  const paths = new TacoPaths(process.env, homedir());
  const { tmuxCommand } = deps.engineSettings();
  const agent = (await host.checkTools()).find(({ name }) => name === 'agent');
  const programs = agent
    ? await checkPrograms({ paths, env: process.env, tmuxCommand, redisUrl: url, node: null, agent: agent.check })
    : [];
  const tmux = programs.find(({ id }) => id === 'tmux');
  const clis = agentClis(deps, tmux?.state === 'ok' ? tmux.version : '');
  const { project } = host;
  await project?.check();
  const withoutAgent = project !== null && programs.some(({ id, state }) => id === 'agent' && state !== 'ok');
  return [
    folderFinding(),
    ...programs.map((check) => ({ ...findingOf(check), ...programRepair(check, url === undefined) })),
    ...(withoutAgent ? [sampleOffer()] : []),
    ...(project ? [redisFinding(project.state.connected, project.state.error?.localized(vscode.l10n.t).message)] : []),
    ...withTitle(vscode.l10n.t('Around TACO'), await surroundings(deps, url)),
    ...withTitle(vscode.l10n.t('Agent CLIs on this machine'), await clis),
  ];
}

/** Lists problems around TACO that could disturb a team. */
async function surroundings(deps: CommandDeps, url: string | undefined): Promise<readonly Finding[]> {
  const { project } = deps.host;
  if (!project) return [];
  const { tmuxCommand, tmuxSocket } = deps.engineSettings();
  const paths = new TacoPaths(process.env, homedir());
  const place = { paths, projectDir: project.dir, env: process.env, tmuxCommand, tmuxSocket, redisUrl: url };
  return (await checkSurroundings(place)).map(findingOf);
}

/** A check as an item of the list. Picking it copies its cure. */
function findingOf({ title, state, detail, cure }: DoctorCheck): Finding {
  const words = cure === null ? null : render(cure, vscode.l10n.t);
  return {
    label: `$(${state === 'ok' ? 'pass' : state}) ${render(title, vscode.l10n.t)}`,
    description: render(detail, vscode.l10n.t),
    ...(words === null ? {} : { detail: words, repair: () => vscode.env.clipboard.writeText(words) }),
  };
}

/**
 * The fix of a program by one click, where VS Code has one. A Redis of a URL is not TACO's; another URL may help.
 * @param ours false: the user set the URL of a Redis
 */
function programRepair({ id, state, installs }: ProgramCheck, ours: boolean): Pick<Finding, 'repair'> {
  if (installs !== null) return { repair: () => vscode.commands.executeCommand('taco.install', installs) };
  const setting = id === 'redis' && !ours ? 'taco.redisUrl' : id === 'agent' ? 'taco.agent.command' : null;
  if (state === 'ok' || setting === null) return {};
  return { repair: () => vscode.commands.executeCommand('workbench.action.openSettings', setting) };
}

function withTitle(label: string, findings: readonly Finding[]): readonly Finding[] {
  return findings.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...findings];
}

function folderFinding(): Finding {
  if (!vscode.workspace.workspaceFolders?.length) {
    return finding(false, vscode.l10n.t('Folder'), vscode.l10n.t('none open'), () =>
      vscode.commands.executeCommand('vscode.openFolder'),
    );
  }
  if (!vscode.workspace.isTrusted) {
    return finding(false, vscode.l10n.t('Trust'), vscode.l10n.t('this workspace is in Restricted Mode'), () =>
      vscode.commands.executeCommand('workbench.trust.manage'),
    );
  }
  return finding(true, vscode.l10n.t('Folder'), vscode.workspace.workspaceFolders[0]?.uri.fsPath ?? '');
}

/** Not a fault: the next click for a user who has no agent CLI yet. */
function sampleOffer(): Finding {
  return {
    label: vscode.l10n.t('$(beaker) Try with scripted agents'),
    description: vscode.l10n.t('programs without a model: see how a team works before you install an agent CLI'),
    repair: () => vscode.commands.executeCommand('taco.trySample'),
  };
}

function redisFinding(connected: boolean, error: string | undefined): Finding {
  if (error !== undefined)
    return finding(false, vscode.l10n.t('Connection'), error, () => vscode.commands.executeCommand('taco.showLog'));
  return finding(
    true,
    vscode.l10n.t('Connection'),
    connected ? vscode.l10n.t('Redis answers') : vscode.l10n.t('not opened: no team was started here'),
  );
}

function finding(ok: boolean, label: string, description: string, repair?: () => Thenable<unknown>): Finding {
  return { label: `$(${ok ? 'pass' : 'error'}) ${label}`, description, ...(repair ? { repair } : {}) };
}

/**
 * Writes the install command into a terminal and leaves Enter to the user. While the terminal is open, TACO polls
 * whether the program is installed.
 */
export async function install({ host }: CommandDeps, argument: unknown): Promise<void> {
  const command = await installCommand(
    argument === 'redis' || argument === 'agent' || argument === 'git' ? argument : 'tmux',
    process.env['PATH'] ?? '',
  );
  const terminal = vscode.window.createTerminal({ name: vscode.l10n.t('TACO: install') });
  terminal.show();
  terminal.sendText(command, false);
  const retained = host.retain();
  const closed = vscode.window.onDidCloseTerminal((candidate) => {
    if (candidate !== terminal) return;
    retained.dispose();
    closed.dispose();
  });
}

/** Stores the password of `taco.redisUrl` in the secret storage and reopens the project. */
export async function setRedisPassword({ host, secrets }: CommandDeps): Promise<void> {
  const password = await vscode.window.showInputBox({
    title: vscode.l10n.t('TACO: Redis password'),
    prompt: vscode.l10n.t('Used with the Redis URL of the settings. Leave empty to remove it.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (password === undefined) return;
  await storeRedisPassword(secrets, password);
  host.reopen();
}
