import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { render } from '../../core/base/localizedText';
import { TacoPaths } from '../../core/programs/paths';
import { installCommand, type Installable } from '../../environment/prerequisites/installCommands';
import { checkSurroundings } from '../../environment/prerequisites/surroundings';
import { checkGit, checkRedis, OLDEST_REDIS, type ToolCheck } from '../../environment/prerequisites/toolChecks';
import { OLDEST_TMUX } from '../../tmux/client/runTmux';
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
  const [tools, git, remote] = await Promise.all([
    host.checkTools(),
    checkGit(process.env),
    checkRedis(url, process.env, new TacoPaths(process.env, homedir()).redisSocket),
  ]);
  const tmux = tools.find(({ name }) => name === 'tmux')?.check;
  const clis = agentClis(deps, tmux?.state === 'here' ? tmux.version : '');
  const { project } = host;
  await project?.check();
  const withoutAgent = project !== null && tools.some(({ name, check }) => name === 'agent' && check.state !== 'here');
  return [
    folderFinding(),
    ...tools.map(({ name, check }) =>
      name === 'redis' ? toolFinding(name, remote, url === undefined) : toolFinding(name, check),
    ),
    toolFinding('git', git),
    ...(withoutAgent ? [sampleOffer()] : []),
    ...(project ? [redisFinding(project.state.connected, project.state.error?.localized(vscode.l10n.t).message)] : []),
    ...withTitle(vscode.l10n.t('Around TACO'), await surroundings(deps, url)),
    ...withTitle(vscode.l10n.t('Agent CLIs on this machine'), await clis),
  ];
}

/** Lists problems around TACO that could disturb a team, each with its fix. Picking one copies its fix. */
async function surroundings(deps: CommandDeps, url: string | undefined): Promise<readonly Finding[]> {
  const { project } = deps.host;
  if (!project) return [];
  const { tmuxCommand, tmuxSocket } = deps.engineSettings();
  const paths = new TacoPaths(process.env, homedir());
  const place = { paths, projectDir: project.dir, env: process.env, tmuxCommand, tmuxSocket, redisUrl: url };
  return (await checkSurroundings(place)).map(({ title, state, detail, cure }) => {
    const words = cure === null ? null : render(cure, vscode.l10n.t);
    return {
      label: `$(${state === 'ok' ? 'pass' : state}) ${render(title, vscode.l10n.t)}`,
      description: render(detail, vscode.l10n.t),
      ...(words === null ? {} : { detail: words, repair: () => vscode.env.clipboard.writeText(words) }),
    };
  });
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

/** @param ours false: the Redis of a URL that the user set */
function toolFinding(name: Installable, check: ToolCheck, ours = true): Finding {
  const title = name === 'redis' ? 'Redis' : name === 'agent' ? vscode.l10n.t('Agent CLI') : name;
  const repair = repairOf(name, check, ours);
  // A team works without git; the text of the finding names the features that do not.
  const works = check.state === 'here' && check.noWrites === undefined;
  const level = works ? 'pass' : name === 'git' ? 'warning' : 'error';
  return { label: `$(${level}) ${title}`, description: toolWords(name, check), ...(repair ? { repair } : {}) };
}

/**
 * Returns the fix of a finding. A missing package can be installed. A Redis of a URL is not TACO's; another URL may
 * help.
 */
function repairOf(name: Installable, { state }: ToolCheck, ours: boolean): Finding['repair'] {
  if (state === 'here' || (state === 'failed' && ours)) return undefined;
  return ours
    ? () => vscode.commands.executeCommand('taco.install', name)
    : () => vscode.commands.executeCommand('workbench.action.openSettings', 'taco.redisUrl');
}

function toolWords(name: Installable, { state, version, where, error, noWrites }: ToolCheck): string {
  switch (state) {
    case 'here':
      if (noWrites !== undefined) return vscode.l10n.t('takes no writes: {0}', noWrites);
      return [version, where === name ? '' : where].filter(Boolean).join(' · ');
    case 'failed':
      return error?.localized(vscode.l10n.t).message ?? '';
    case 'too-old':
      return vscode.l10n.t(
        '{0} is too old; TACO needs {1} or newer',
        version,
        name === 'redis' ? OLDEST_REDIS : OLDEST_TMUX,
      );
    case 'missing':
      if (name === 'git') return vscode.l10n.t('not found: needed for worktrees and the Changes view');
      if (name === 'redis')
        return vscode.l10n.t('neither redis-server nor valkey-server was found on the PATH, and no URL is set');
      return vscode.l10n.t('"{0}" was not found on the PATH', where);
  }
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
