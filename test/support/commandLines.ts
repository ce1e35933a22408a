/** Every `taco` command and every MCP tool, with the request that it makes of a team. */
import type { RequestKind } from '../../src/core/team/checkRequest';
import { TEAM_PHASES, type TeamPhase } from '../../src/core/team/teamPhase';
import { NO_SESSION, REQUEST_TABLE, type Refusal } from './requestTable';

/**
 * The effect of a command on a team: it makes a request; `read` shows the session, or the rest of a failed start; `lead`
 * leads an existing session; `independent` does the same in every phase.
 */
export type Effect = RequestKind | 'read' | 'lead' | 'independent';

interface Step {
  readonly effect: Effect;
  /** Error code with which it ends where its effect is allowed: its subject does not exist. */
  readonly ends?: string;
  /** Refusals that differ from the effect's. */
  readonly refused?: Partial<Record<TeamPhase, Refusal>>;
}

/** A command line without `taco` and `--json`. `FILE` stands for a file with a valid plan. */
export interface CommandLine extends Step {
  readonly words: readonly string[];
  /** True when the agent of window 2 runs it. */
  readonly isAgent?: true;
  /** Phases in which the test does not run it: it would lead a team, or serve. */
  readonly notIn?: readonly TeamPhase[];
  /** True when it ends the session, so that it runs after all others. */
  readonly isLast?: true;
}

/** A call of an MCP tool by the agent of window 2. */
export interface ToolCall extends Step {
  readonly tool: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

const NOTHING_RUNS: Refusal = ['usage', /^Cannot lead: no team runs here\.$/];
const NO_PLAN: Refusal = ['plan-missing', /^No plan is under review\.$/];
/** Leads a team, which the tests of `taco up` show. */
const LEADS = {
  effect: 'lead',
  notIn: TEAM_PHASES.filter((phase) => phase !== 'none' && phase !== 'failed'),
  refused: { none: NOTHING_RUNS, failed: NOTHING_RUNS },
} as const;
/** Serves until it is interrupted, which its own tests show. */
const SERVES = { effect: 'independent', notIn: TEAM_PHASES } as const;

export const COMMAND_LINES: readonly CommandLine[] = [
  { words: ['up'], ...LEADS },
  { words: ['up', '--resume'], ...LEADS },
  { words: ['up', '--goal', 'another'], effect: 'start', notIn: ['none', 'failed'] },
  { words: ['up', '--plan', 'FILE', '--resume'], effect: 'start', notIn: ['none', 'failed'] },
  { words: ['host', '--name', 'build'], ...SERVES },
  { words: ['host', '--forget', 'build'], effect: 'forget-host' },
  { words: ['down'], effect: 'stop', refused: { none: NO_SESSION }, isLast: true },
  { words: ['status'], effect: 'read' },
  { words: ['budget'], effect: 'read' },
  { words: ['budget', '5'], effect: 'budget' },
  { words: ['report'], effect: 'read' },
  { words: ['pause'], effect: 'pause-team' },
  { words: ['resume'], effect: 'resume-team' },
  { words: ['send', 'backend', 'hello'], effect: 'send' },
  { words: ['messages'], effect: 'read' },
  { words: ['agents'], effect: 'read' },
  { words: ['adopt'], effect: 'read' },
  { words: ['adopt', '%9', '--as', 'reviewer'], effect: 'adopt' },
  { words: ['projects'], effect: 'independent' },
  { words: ['requests'], effect: 'read' },
  { words: ['requests', '--all'], effect: 'independent' },
  { words: ['answer', 'need_absent', 'allow'], effect: 'independent' },
  { words: ['rules', 'list'], effect: 'independent' },
  { words: ['rules', 'add', 'Bash', 'make'], effect: 'independent' },
  { words: ['rules', 'test', 'Bash', 'make'], effect: 'independent' },
  { words: ['rules', 'remove', 'absent'], effect: 'independent' },
  { words: ['relaunch', 'backend'], effect: 'relaunch' },
  { words: ['done', 'ready'], effect: 'report-done', isAgent: true },
  { words: ['check', 'show', 'backend'], effect: 'read' },
  { words: ['check', 'run', 'backend'], effect: 'run-check' },
  { words: ['check', 'cancel', 'backend'], effect: 'cancel-check' },
  { words: ['check', 'accept', 'backend'], effect: 'accept-work' },
  { words: ['plan', 'validate', 'FILE'], effect: 'independent' },
  { words: ['plan', 'submit', 'FILE'], effect: 'submit-plan' },
  { words: ['plan', 'show'], effect: 'read', refused: { failed: NO_PLAN, starting: NO_PLAN } },
  {
    words: ['plan', 'approve'],
    effect: 'approve-review',
    refused: { 'no-plan': ['plan-missing', /^No plan can be approved: the one under review has problems\.$/] },
  },
  { words: ['plan', 'approve', 'FILE'], effect: 'approve' },
  { words: ['plan', 'reject', 'other plan'], effect: 'reject' },
  { words: ['plan', 'schema'], effect: 'independent' },
  { words: ['dead', 'list'], effect: 'read' },
  { words: ['dead', 'retry', 'cmd_absent'], effect: 'record', ends: 'unknown-command-id' },
  { words: ['dead', 'drop', 'cmd_absent'], effect: 'record', ends: 'unknown-command-id' },
  { words: ['service', 'register', 'api', '3001'], effect: 'record', isAgent: true },
  { words: ['service', 'list'], effect: 'read' },
  { words: ['service', 'remove', 'absent'], effect: 'record', ends: 'usage' },
  { words: ['port'], effect: 'record', isAgent: true },
  { words: ['worktree', 'list'], effect: 'independent' },
  { words: ['worktree', 'diff', 'absent'], effect: 'independent' },
  { words: ['worktree', 'conflicts'], effect: 'independent' },
  { words: ['worktree', 'merge', 'absent'], effect: 'independent' },
  { words: ['worktree', 'remove', 'absent'], effect: 'independent' },
  { words: ['worktree', 'undo'], effect: 'independent' },
  { words: ['pr', 'open', 'absent'], effect: 'read', ends: 'unknown-agent' },
  { words: ['pr', 'status'], effect: 'read' },
  { words: ['monitor', '--once'], effect: 'independent' },
  { words: ['doctor'], effect: 'independent' },
  { words: ['mcp'], ...SERVES },
  { words: ['completion', 'bash'], effect: 'independent' },
  { words: ['hook', 'Stop'], effect: 'independent', isAgent: true },
];

export const TOOL_CALLS: readonly ToolCall[] = [
  { tool: 'send_message', args: { to: 'frontend', text: 'hello' }, effect: 'send' },
  { tool: 'broadcast', args: { text: 'hello' }, effect: 'send' },
  { tool: 'ask_user', args: { question: 'May I?' }, effect: 'send' },
  { tool: 'list_agents', effect: 'read' },
  { tool: 'read_messages', effect: 'read' },
  { tool: 'report_status', args: { status: 'Building' }, effect: 'record' },
  { tool: 'report_done', args: { summary: 'ready' }, effect: 'report-done' },
  { tool: 'allocate_port', effect: 'record' },
  { tool: 'register_service', args: { name: 'api', port: 3001 }, effect: 'record' },
  { tool: 'list_services', effect: 'read' },
];

/** Returns whether a command or tool is allowed in a phase, or its refusal. */
export function expectedOf({ effect, refused }: Step, phase: TeamPhase): 'allowed' | Refusal {
  const own = refused?.[phase];
  if (own !== undefined) return own;
  if (effect === 'lead' || effect === 'independent') return 'allowed';
  if (effect === 'read') return phase === 'none' ? NO_SESSION : 'allowed';
  return REQUEST_TABLE[effect][phase];
}

/** Returns the kind of the control request that waits for a leader after an allowed step; null: it makes none. */
export function postedBy(effect: Effect): string | null {
  if (effect === 'approve-review') return 'approve';
  return ['send', 'record', 'read', 'lead', 'independent', 'stop'].includes(effect) ? null : effect;
}
