import * as vscode from 'vscode';
import { findExecutable } from '../../orchestrator/executables';
import { storeRedisPassword } from '../settings';
import type { ToolCheck, ToolName } from '../tools';
import type { CommandDeps } from './context';
import { agentClis } from './doctorClis';

interface Finding extends vscode.QuickPickItem {
  readonly repair?: () => Thenable<unknown>;
}

/** Looks at everything a team needs and lists it; picking what is missing goes to its repair. */
export async function runDoctor(deps: CommandDeps): Promise<void> {
  const findings = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('TACO: looking…') }, () => examine(deps));
  for (const { label, description } of findings) deps.logger.info('doctor', { label, description });
  const bad = findings.filter((finding) => finding.label.startsWith('$(error)')).length;
  const title = bad === 0 ? vscode.l10n.t('Everything a team needs is here') : vscode.l10n.t('Missing: {0}', bad);
  const picked = await vscode.window.showQuickPick(findings, { title, placeHolder: vscode.l10n.t('Pick what shall be mended or tried out') });
  await picked?.repair?.();
}

async function examine(deps: CommandDeps): Promise<readonly Finding[]> {
  const { host } = deps;
  const tools = await host.checkTools();
  const clis = agentClis(deps, tools.find(({ name, ok }) => name === 'tmux' && ok)?.detail ?? '');
  const { project } = host;
  await project?.check();
  const withoutAgent = project !== null && tools.some(({ name, ok }) => name === 'agent' && !ok);
  return [
    folderFinding(),
    ...tools.map(toolFinding),
    ...(withoutAgent ? [sampleOffer()] : []),
    ...(project ? [redisFinding(project.state.connected, project.state.error?.inWords(vscode.l10n.t).message)] : []),
    ...withTitle(vscode.l10n.t('Agent CLIs here'), await clis),
  ];
}

function withTitle(label: string, findings: readonly Finding[]): readonly Finding[] {
  return findings.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...findings];
}

function folderFinding(): Finding {
  if (!vscode.workspace.workspaceFolders?.length) {
    return finding(false, vscode.l10n.t('Folder'), vscode.l10n.t('none is open'), () => vscode.commands.executeCommand('vscode.openFolder'));
  }
  if (!vscode.workspace.isTrusted) {
    return finding(false, vscode.l10n.t('Trust'), vscode.l10n.t('this workspace is in Restricted Mode'), () => vscode.commands.executeCommand('workbench.trust.manage'));
  }
  return finding(true, vscode.l10n.t('Folder'), vscode.workspace.workspaceFolders[0]?.uri.fsPath ?? '');
}

function toolFinding({ name, ok, detail }: ToolCheck): Finding {
  const title = name === 'tmux' ? 'tmux' : name === 'redis' ? 'Redis' : vscode.l10n.t('Agent CLI');
  return finding(ok, title, detail, ok ? undefined : () => vscode.commands.executeCommand('taco.install', name));
}

/** Not a fault of its own, but the next click for a person who has no agent CLI yet. */
function sampleOffer(): Finding {
  return {
    label: vscode.l10n.t('$(beaker) Try with scripted agents'),
    description: vscode.l10n.t('programs without a model: see how a team works before you install one'),
    repair: () => vscode.commands.executeCommand('taco.trySample'),
  };
}

function redisFinding(connected: boolean, error: string | undefined): Finding {
  if (error !== undefined) return finding(false, vscode.l10n.t('Connection'), error, () => vscode.commands.executeCommand('taco.showLog'));
  return finding(true, vscode.l10n.t('Connection'), connected ? vscode.l10n.t('Redis answers') : vscode.l10n.t('not opened: no team was started here'));
}

function finding(ok: boolean, label: string, description: string, repair?: () => Thenable<unknown>): Finding {
  return { label: `$(${ok ? 'pass' : 'error'}) ${label}`, description, ...(repair ? { repair } : {}) };
}

/** Writes the install command into a terminal and leaves the Enter to the person; while that is open, TACO looks whether it has helped. */
export async function install({ host }: CommandDeps, argument: unknown): Promise<void> {
  const command = await installCommand(argument === 'redis' || argument === 'agent' ? argument : 'tmux');
  const terminal = vscode.window.createTerminal({ name: vscode.l10n.t('TACO: install') });
  terminal.show();
  terminal.sendText(command, false);
  const look = host.look();
  const closed = vscode.window.onDidCloseTerminal((candidate) => {
    if (candidate !== terminal) return;
    look.dispose();
    closed.dispose();
  });
}

const packageNames = { tmux: { apt: 'tmux', other: 'tmux' }, redis: { apt: 'redis-server', other: 'redis' } } as const;

async function installCommand(tool: ToolName): Promise<string> {
  if (tool === 'agent') return 'npm install -g @anthropic-ai/claude-code';
  const { apt, other } = packageNames[tool];
  const has = async (name: string): Promise<boolean> => (await findExecutable(name, process.env['PATH'] ?? '')) !== null;
  if (process.platform === 'darwin') return `brew install ${other}`;
  if (await has('apt-get')) return `sudo apt-get install -y ${apt}`;
  if (await has('dnf')) return `sudo dnf install -y ${other}`;
  if (await has('pacman')) return `sudo pacman -S ${other}`;
  if (await has('apk')) return `sudo apk add ${other}`;
  return `brew install ${other}`;
}

/** Keeps the password of `taco.redisUrl` in the secret storage and opens the project anew. */
export async function setRedisPassword({ host, secrets }: CommandDeps): Promise<void> {
  const password = await vscode.window.showInputBox({
    title: vscode.l10n.t('TACO: Redis password'),
    prompt: vscode.l10n.t('Used with the Redis URL of the settings. Empty removes it.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (password === undefined) return;
  await storeRedisPassword(secrets, password);
  host.reopen();
}
