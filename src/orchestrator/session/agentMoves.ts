import type { AgentRecord } from '../../core/agents/agentRecord';
import { errors } from '../../core/errors/errors';
import { labelOfWindow } from '../../core/messages/address';
import { FINAL_STATES } from '../../core/messages/messageState';
import type { AgentSpec } from '../../core/models';
import { specOf, specsOf } from '../../core/plan/agentSpecs';
import { handOverText } from '../../core/plan/handOver';
import { goOnElsewhere, goOnHandOver } from '../../core/plan/prompts';
import { meansOf, meansText } from '../../core/plan/substitute';
import { Git } from '../../environment/git/git';
import type { EngineSettings } from '../../team/engineSettings';
import { deterministicId, type Team } from '../../team/team';
import type { RunningSession } from '../agents/runningSession';
import type { AgentMove } from '../limits/teamHolds';
import { launchRequestFor } from '../planning/teamLauncher';

const MAX_COMMITS = 30;

/** Relaunches agents on another account, model or CLI: with their conversation, or with a hand-over. */
export class AgentMoves {
  private readonly git: Git;

  constructor(
    private readonly team: Team,
    private readonly settings: EngineSettings,
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.git = new Git(env);
  }

  /** Throws TacoError unknown-agent, launch-failed, cli-missing, memory-low; the agent's record then says failed. */
  async move({ agents }: RunningSession, { window, choice, wasCut }: AgentMove): Promise<void> {
    const record = agents.get(window);
    const spec = record && specOf(record);
    if (!record || !spec) throw errors.unknownAgent(labelOfWindow(window), []);
    // It began to work in the meantime: the limit is over for it.
    if (record.status === 'busy') return;
    const means = meansOf(spec, choice, this.settings.profile);
    const text = means.profile === record.profile ? null : await this.handOver(spec, record);
    const order = launchRequestFor(spec, specsOf(agents.all), this.settings, record, choice);
    // A message could not overtake those that wait, and they need what the agent takes over.
    const systemPrompt = [order.systemPrompt, ...(text === null ? [] : [text])].join('\n\n');
    await agents.launch({ ...order, systemPrompt }, record.pane || null);
    const why = choice === null ? 'its own account has no limit any more' : 'its account is limited';
    await this.team.store.note(`${record.name} continues with ${meansText(means)}: ${why}`);
    const id = deterministicId(`move:${window}:${record.startedAt}`);
    const from = { kind: 'taco' } as const;
    if (text !== null && !record.done) await this.team.send({ from, to: String(window), text: goOnHandOver(), id });
    else if (text === null && wasCut) await this.team.send({ from, to: String(window), text: goOnElsewhere(), id });
  }

  private async handOver(spec: AgentSpec, record: AgentRecord): Promise<string> {
    const lines = async (...args: readonly string[]): Promise<readonly string[]> => {
      const { ok, out } = await this.git.run(record.workspace, args);
      return ok && out !== '' ? out.split('\n') : [];
    };
    const { messages } = await this.team.snapshot();
    const open = messages.filter(
      ({ target, state }) => target.endsWith(`:${record.window}`) && !FINAL_STATES.includes(state),
    );
    const since = `--since=@${Math.floor(record.startedAt / 1000)}`;
    return handOverText({
      spec,
      before: record.profile,
      lastActivity: record.activity,
      commits: await lines('log', since, `--max-count=${MAX_COMMITS}`, '--format=%h %s', 'HEAD'),
      changes: await lines('status', '--short'),
      waiting: open.length,
      isDone: record.done,
    });
  }
}
