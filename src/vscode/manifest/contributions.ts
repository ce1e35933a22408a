/**
 * Defines every command, view, setting and context key of the extension once, with types. The code takes its ids from
 * here. `manifest.ts` makes the `contributes` of package.json from it, and a unit test compares the two.
 */

import type { TeamPhase } from '../../core/team/teamPhase';
import { editorCommands } from './editorContributions';
import { workCommands } from './workContributions';

/**
 * `when` clauses that several commands share. Before activation the context keys are unset, so each clause must be true
 * then.
 */
const IN_PROJECT = 'workspaceFolderCount != 0 && isWorkspaceTrusted';
const WITH_SESSION = `${IN_PROJECT} && taco.session != 'none'`;
/**
 * Matches `checkRequest` of core/team: these commands need a session that has started, is not ending and is not lost.
 */
const NOT_CHANGING = `${WITH_SESSION} && taco.phase != 'starting' && taco.phase != 'stopping'`;
const ALIVE = `${NOT_CHANGING} && taco.session != 'lost'`;
const NOT_STOPPING = `${WITH_SESSION} && taco.phase != 'stopping'`;
const WITHOUT_SESSION = `${IN_PROJECT} && taco.session != 'active' && taco.session != 'lost'`;
const WITH_PLAN = `${WITH_SESSION} && taco.plan != 'none'`;

export interface CommandContribution {
  readonly title: string;
  /** Codicon name. */
  readonly icon: string;
  readonly enablement: string;
  /** False: it needs an argument that only its view can pass, so the palette does not show it. */
  readonly palette: boolean;
}

export const commands = {
  'taco.start': { title: 'Start…', icon: 'play', enablement: WITHOUT_SESSION, palette: true },
  'taco.stop': { title: 'Stop', icon: 'debug-stop', enablement: WITH_SESSION, palette: true },
  'taco.resumeSession': {
    title: 'Resume Session',
    icon: 'debug-continue',
    enablement: `${IN_PROJECT} && taco.session == 'lost'`,
    palette: true,
  },
  'taco.messageAgent': { title: 'Message Agent…', icon: 'comment', enablement: NOT_STOPPING, palette: true },
  'taco.interruptAgent': { title: 'Interrupt Agent…', icon: 'stop-circle', enablement: NOT_STOPPING, palette: true },
  'taco.broadcast': { title: 'Broadcast…', icon: 'megaphone', enablement: NOT_STOPPING, palette: true },
  'taco.openAgentTerminal': { title: 'Open Agent Terminal', icon: 'terminal', enablement: WITH_SESSION, palette: true },
  'taco.openTerminalGrid': {
    title: 'Open All Terminals in a Grid',
    icon: 'layout',
    enablement: WITH_SESSION,
    palette: true,
  },
  'taco.relaunchMother': { title: 'Relaunch Mother', icon: 'debug-restart', enablement: ALIVE, palette: true },
  'taco.relaunchAgent': { title: 'Relaunch Agent…', icon: 'debug-restart', enablement: ALIVE, palette: true },
  'taco.stopAgent': { title: 'Stop Agent…', icon: 'debug-stop', enablement: ALIVE, palette: true },
  'taco.adoptPane': { title: 'Adopt Pane…', icon: 'person-add', enablement: ALIVE, palette: true },
  'taco.forgetHost': { title: 'Remove Host…', icon: 'vm-outline', enablement: NOT_CHANGING, palette: true },
  'taco.answer': { title: 'Answer Agent…', icon: 'bell-dot', enablement: WITH_SESSION, palette: true },
  'taco.revealAgent': { title: 'Reveal Agent…', icon: 'list-tree', enablement: WITH_SESSION, palette: true },
  'taco.muteAgent': { title: 'Mute Agent…', icon: 'bell-slash', enablement: WITH_SESSION, palette: true },
  'taco.unmuteAgent': { title: 'Unmute Agent…', icon: 'bell', enablement: WITH_SESSION, palette: true },
  'taco.openMonitor': { title: 'Open Monitor', icon: 'dashboard', enablement: IN_PROJECT, palette: true },
  'taco.reviewPlan': { title: 'Review Plan', icon: 'checklist', enablement: WITH_PLAN, palette: true },
  'taco.editPlan': { title: 'Edit Plan as JSON', icon: 'json', enablement: WITH_PLAN, palette: true },
  'taco.retryMessage': { title: 'Retry Failed Message', icon: 'refresh', enablement: NOT_STOPPING, palette: true },
  'taco.dropMessage': { title: 'Drop Failed Message', icon: 'trash', enablement: NOT_STOPPING, palette: true },
  'taco.showMessage': { title: 'Show Message', icon: 'eye', enablement: WITH_SESSION, palette: false },
  'taco.showConversation': {
    title: 'Show Conversation…',
    icon: 'comment-discussion',
    enablement: WITH_SESSION,
    palette: true,
  },
  'taco.exportMessages': { title: 'Export Messages…', icon: 'export', enablement: WITH_SESSION, palette: true },
  'taco.openService': {
    title: 'Open Service in Browser',
    icon: 'link-external',
    enablement: WITH_SESSION,
    palette: true,
  },
  'taco.setBudget': { title: 'Set Budget…', icon: 'credit-card', enablement: ALIVE, palette: true },
  'taco.showReport': { title: 'Show Report…', icon: 'notebook', enablement: WITH_SESSION, palette: true },
  'taco.pauseTeam': { title: 'Pause Team', icon: 'debug-pause', enablement: ALIVE, palette: true },
  'taco.resumeTeam': { title: 'Resume Team', icon: 'debug-continue', enablement: ALIVE, palette: true },
  'taco.showLog': { title: 'Show Log', icon: 'output', enablement: 'true', palette: true },
  'taco.runDoctor': { title: 'Run Doctor', icon: 'pulse', enablement: 'true', palette: true },
  'taco.setRedisPassword': { title: 'Set Redis Password…', icon: 'key', enablement: 'true', palette: true },
  'taco.chooseProject': {
    title: 'Choose Project Folder…',
    icon: 'root-folder',
    enablement: 'workspaceFolderCount > 1',
    palette: true,
  },
  'taco.switchProject': { title: 'Switch Project…', icon: 'root-folder', enablement: 'true', palette: true },
  'taco.refresh': { title: 'Check Again', icon: 'sync', enablement: 'true', palette: true },
  'taco.trySample': { title: 'Try with Scripted Agents', icon: 'beaker', enablement: WITHOUT_SESSION, palette: true },
  'taco.getStarted': { title: 'Get Started', icon: 'book', enablement: 'true', palette: true },
  'taco.install': {
    title: 'Install Missing Prerequisites',
    icon: 'cloud-download',
    enablement: 'true',
    palette: false,
  },
  ...editorCommands,
  ...workCommands,
} as const satisfies Record<string, CommandContribution>;
export type CommandId = keyof typeof commands;

/** Context keys and their possible values; `managedContext.ts` sets them and clears them on disposal. */
export interface ContextKeys {
  /** The reason why no team can start here; `none` when there is none. `folder` and `trust` are VS Code's own keys. */
  'taco.needs': 'none' | 'tmux' | 'redis' | 'agent' | 'error';
  /** `lost`: the tmux session has ended, and the user can resume it. */
  'taco.session': 'none' | 'active' | 'lost';
  /** The phase of the team; see `teamPhase.ts`. */
  'taco.phase': TeamPhase;
  'taco.plan': 'none' | 'invalid' | 'proposed' | 'approved' | 'rejected';
  /** True once every check of a team's requirements has passed. */
  'taco.ready': boolean;
  /** True while the active editor shows a change of an agent. */
  'taco.inDiff': boolean;
  /** Whether an agent has an open input request. */
  'taco.asks': 'none' | 'some';
}
export const contextKeys = [
  'taco.needs',
  'taco.session',
  'taco.phase',
  'taco.plan',
  'taco.ready',
  'taco.inDiff',
  'taco.asks',
] as const satisfies readonly (keyof ContextKeys)[];

export const container = { id: 'taco', title: 'TACO', icon: 'media/taco.svg' } as const;

export interface ViewContribution {
  readonly name: string;
  readonly icon: string;
  readonly share: number;
  /** True: the view is collapsed until the user opens it. */
  readonly folded?: boolean;
}

export const views = {
  'taco.agents': { name: 'Agents', icon: 'media/taco.svg', share: 3 },
  'taco.messages': { name: 'Messages', icon: 'media/taco.svg', share: 4 },
  'taco.services': { name: 'Services', icon: 'media/taco.svg', share: 1 },
  'taco.changes': { name: 'Changes', icon: 'media/taco.svg', share: 2, folded: true },
} as const satisfies Record<string, ViewContribution>;
export type ViewId = keyof typeof views;

/** Webview panel types; `onWebviewPanel:` of each restores it after a reload. */
export const panels = ['taco.monitor', 'taco.planReview'] as const;
export type PanelId = (typeof panels)[number];

export interface WelcomeContribution {
  readonly view: ViewId;
  readonly contents: string;
  readonly when: string;
}

const READY = `${IN_PROJECT} && taco.session == 'none'`;
const again = '[Check Again](command:taco.refresh)';
export const welcome: readonly WelcomeContribution[] = [
  {
    view: 'taco.agents',
    contents: 'A team works in a folder. Open one first.\n[Open Folder](command:vscode.openFolder)',
    when: 'workspaceFolderCount == 0',
  },
  {
    view: 'taco.agents',
    contents:
      'Agents run commands in this folder, so TACO starts nothing in Restricted Mode.\n[Manage Workspace Trust](command:workbench.trust.manage)',
    when: 'workspaceFolderCount != 0 && !isWorkspaceTrusted',
  },
  {
    view: 'taco.agents',
    contents: `tmux is missing or too old. Each agent runs in its own tmux window.\n[Install tmux](command:taco.install?%5B%22tmux%22%5D)\n${again}`,
    when: `${READY} && taco.needs == 'tmux'`,
  },
  {
    view: 'taco.agents',
    contents: `Redis is missing or too old. TACO uses it to deliver every message between agents. TACO starts its own once redis-server is installed, or uses the one whose URL you set.\n[Install Redis](command:taco.install?%5B%22redis%22%5D)\n[Set a Redis URL](command:workbench.action.openSettings?%5B%22taco.redisUrl%22%5D)\n${again}`,
    when: `${READY} && taco.needs == 'redis'`,
  },
  {
    view: 'taco.agents',
    contents: `The agent command was not found on your PATH. Install Claude Code, or set another command. Without one you can still see how a team works: scripted agents need no model.\n[Install Claude Code](command:taco.install?%5B%22agent%22%5D)\n[Try with Scripted Agents](command:taco.trySample)\n[Set the Agent Command](command:workbench.action.openSettings?%5B%22taco.agent%22%5D)\n${again}`,
    when: `${READY} && taco.needs == 'agent'`,
  },
  {
    view: 'taco.agents',
    contents: `TACO could not start Redis or tmux. See the log.\n[Show Log](command:taco.showLog)\n[Run Doctor](command:taco.runDoctor)\n${again}`,
    when: `${IN_PROJECT} && taco.needs == 'error'`,
  },
  {
    view: 'taco.agents',
    contents:
      'No team is running here. State a goal: Mother, the planner agent, makes a plan, you approve it, and each agent starts in its own terminal.\n[Start…](command:taco.start)\n[Try with Scripted Agents](command:taco.trySample)\n[Get Started](command:taco.getStarted)',
    when: `${READY} && taco.needs == 'none'`,
  },
  {
    view: 'taco.messages',
    contents: 'Messages between agents and their states appear here.',
    when: "taco.session != 'active'",
  },
  { view: 'taco.messages', contents: 'No messages have been sent yet.', when: "taco.session == 'active'" },
  { view: 'taco.services', contents: 'Services that agents register appear here.', when: "taco.session != 'active'" },
  { view: 'taco.services', contents: 'No agent has registered a service yet.', when: "taco.session == 'active'" },
  {
    view: 'taco.changes',
    contents: 'Files that agents change appear here, with their differences.',
    when: "taco.session != 'active'",
  },
  { view: 'taco.changes', contents: 'No agent works in a git repository yet.', when: "taco.session == 'active'" },
];

export interface MenuContribution {
  readonly command: CommandId;
  readonly when: string;
  readonly group: string;
}

export const viewTitleMenu: readonly MenuContribution[] = [
  { command: 'taco.start', when: `view == taco.agents && taco.session == 'none'`, group: 'navigation@1' },
  { command: 'taco.resumeSession', when: `view == taco.agents && taco.session == 'lost'`, group: 'navigation@1' },
  { command: 'taco.reviewPlan', when: `view == taco.agents && taco.plan =~ /proposed|invalid/`, group: 'navigation@1' },
  { command: 'taco.answer', when: `view == taco.agents && taco.asks == 'some'`, group: 'navigation@0' },
  { command: 'taco.broadcast', when: `view == taco.agents && taco.session == 'active'`, group: 'navigation@2' },
  { command: 'taco.openMonitor', when: 'view == taco.agents', group: 'navigation@3' },
  { command: 'taco.showConversation', when: `view == taco.messages && taco.session != 'none'`, group: 'navigation@1' },
  { command: 'taco.exportMessages', when: `view == taco.messages && taco.session != 'none'`, group: 'navigation@2' },
  { command: 'taco.relaunchMother', when: 'view == taco.agents', group: '1_team@1' },
  { command: 'taco.adoptPane', when: `view == taco.agents && taco.session == 'active'`, group: '1_team@3' },
  { command: 'taco.stop', when: 'view == taco.agents', group: '1_team@2' },
  { command: 'taco.chooseProject', when: 'view == taco.agents && workspaceFolderCount > 1', group: '2_project@1' },
  { command: 'taco.refresh', when: 'view == taco.agents', group: '2_project@2' },
  { command: 'taco.getStarted', when: 'view == taco.agents', group: '3_help@1' },
  { command: 'taco.runDoctor', when: 'view == taco.agents', group: '3_help@2' },
  { command: 'taco.showLog', when: 'view == taco.agents', group: '3_help@3' },
];

/**
 * `viewItem` values: `mother`, `agent` (with `.worktree` where it has one, then `.muted`), `need`, `message`,
 * `message.stuck`, `message.waiting`, `service`, `service.url`.
 */
export const viewItemMenu: readonly MenuContribution[] = [
  { command: 'taco.messageAgent', when: 'view == taco.agents && viewItem =~ /^(mother|agent)/', group: 'inline@1' },
  {
    command: 'taco.openAgentTerminal',
    when: 'view == taco.agents && viewItem =~ /^(mother|agent)/',
    group: 'inline@2',
  },
  { command: 'taco.messageAgent', when: 'view == taco.agents && viewItem =~ /^(mother|agent)/', group: '1_talk@1' },
  {
    command: 'taco.openAgentTerminal',
    when: 'view == taco.agents && viewItem =~ /^(mother|agent)/',
    group: '1_talk@2',
  },
  { command: 'taco.interruptAgent', when: 'view == taco.agents && viewItem =~ /^(mother|agent)/', group: '1_talk@4' },
  { command: 'taco.showConversation', when: 'view == taco.agents && viewItem =~ /^(mother|agent)/', group: '1_talk@3' },
  { command: 'taco.answer', when: 'view == taco.agents && viewItem == need', group: 'inline@1' },
  { command: 'taco.openAgentTerminal', when: 'view == taco.agents && viewItem == need', group: 'inline@2' },
  { command: 'taco.answer', when: 'view == taco.agents && viewItem == need', group: '1_talk@1' },
  { command: 'taco.openAgentTerminal', when: 'view == taco.agents && viewItem == need', group: '1_talk@2' },
  {
    command: 'taco.muteAgent',
    when: 'view == taco.agents && viewItem =~ /^(mother|agent)(\\.worktree)?$/',
    group: '3_quiet@1',
  },
  {
    command: 'taco.unmuteAgent',
    when: 'view == taco.agents && viewItem =~ /^(mother|agent)(\\.worktree)?\\.muted$/',
    group: '3_quiet@1',
  },
  { command: 'taco.relaunchAgent', when: 'view == taco.agents && viewItem =~ /^(mother|agent)/', group: '2_life@1' },
  { command: 'taco.stopAgent', when: 'view == taco.agents && viewItem =~ /^agent/', group: '2_life@2' },
  { command: 'taco.retryMessage', when: 'view == taco.messages && viewItem == message.stuck', group: 'inline@1' },
  { command: 'taco.dropMessage', when: 'view == taco.messages && viewItem == message.stuck', group: 'inline@2' },
  { command: 'taco.retryMessage', when: 'view == taco.messages && viewItem == message.stuck', group: '0_fate@1' },
  { command: 'taco.dropMessage', when: 'view == taco.messages && viewItem == message.stuck', group: '0_fate@2' },
  { command: 'taco.dropMessage', when: 'view == taco.messages && viewItem == message.waiting', group: '0_fate@2' },
  { command: 'taco.showMessage', when: 'view == taco.messages && viewItem =~ /^message/', group: '1_talk@1' },
  { command: 'taco.openAgentTerminal', when: 'view == taco.messages && viewItem =~ /^message/', group: '1_talk@2' },
  { command: 'taco.showConversation', when: 'view == taco.messages && viewItem =~ /^message/', group: '1_talk@3' },
  { command: 'taco.revealAgent', when: 'view == taco.messages && viewItem =~ /^message/', group: '1_talk@4' },
  { command: 'taco.openService', when: 'view == taco.services && viewItem == service.url', group: 'inline@1' },
  { command: 'taco.openService', when: 'view == taco.services && viewItem == service.url', group: '1_open@1' },
];
