/** `taco check`: the checks that prove the work of agents. */
import { duration } from '../../../core/base/duration';
import { oneLine } from '../../../core/base/truncate';
import { commandText } from '../../../core/programs/commandLine';
import type { Evidence } from '../../../core/proof/proof';
import { EvidenceStore } from '../../../environment/checks/evidenceStore';
import { columnsOf } from '../../output/terminalText';
import { requireUser, type CommandContext } from '../../runtime/commandContext';
import type { CommandResult } from '../../runtime/io';
import { agentNamed, commandTeam, leaderNote, runningSnapshot } from '../../runtime/openTeam';

export async function checkShow(context: CommandContext): Promise<CommandResult> {
  const snapshot = await runningSnapshot(await commandTeam(context));
  const { window } = agentNamed(context.invocation.argument(0), snapshot);
  const { name = '', proof = '' } = snapshot.agents.find((agent) => agent.window === window) ?? {};
  const { id, paths } = context.project();
  const evidence = await new EvidenceStore(paths.evidenceDir(id)).of(name);
  const state = `${name}: ${proof === '' ? 'not reported' : proof}`;
  return {
    json: { agent: name, window, proof, evidence },
    text: evidence.length === 0 ? `${state}. No check has run.` : [`${state}.`, ...evidenceLines(evidence)].join('\n'),
  };
}

export function checkRun(context: CommandContext): Promise<CommandResult> {
  return request(context, 'run-check');
}

export function checkCancel(context: CommandContext): Promise<CommandResult> {
  return request(context, 'cancel-check');
}

export function checkAccept(context: CommandContext): Promise<CommandResult> {
  return request(context, 'accept-work');
}

const ASKED = {
  'run-check': 'Asked for the check of',
  'cancel-check': 'Asked to end the check of',
  'accept-work': 'Asked to count as done the work of',
} as const;

async function request(context: CommandContext, kind: keyof typeof ASKED): Promise<CommandResult> {
  requireUser(context, 'a decision about a check');
  const team = await commandTeam(context);
  const snapshot = await runningSnapshot(team);
  const { window } = agentNamed(context.invocation.argument(0), snapshot);
  await team.request({ kind, window });
  return {
    json: { requested: kind, window, leader: snapshot.leader },
    text: `${ASKED[kind]} window ${window}.${leaderNote(snapshot)}`,
  };
}

function evidenceLines(evidence: readonly Evidence[]): readonly string[] {
  const rows = evidence.map(({ at, verdict, commit, exitCode, durationMs, command, reason, log }) => [
    new Date(at).toISOString(),
    verdict,
    commit.slice(0, 10),
    exitCode === null ? '-' : String(exitCode),
    duration(durationMs),
    commandText(command),
    oneLine(reason),
    oneLine(log),
  ]);
  return columnsOf([['TIME', 'VERDICT', 'COMMIT', 'EXIT', 'TOOK', 'COMMAND', 'WHY', 'LOG'], ...rows]);
}
