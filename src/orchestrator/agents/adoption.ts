import { randomBytes } from 'node:crypto';
import type { AgentProfile } from '../../core/agents/agentProfile';
import type { AgentRecord } from '../../core/agents/agentRecord';
import { RESERVED_NAMES, nameKey } from '../../core/base/agentName';
import { AGENT_NAME, FIRST_AGENT_WINDOW, MONITOR_WINDOW } from '../../core/base/limits';
import { errors } from '../../core/errors/errors';
import { labelOfWindow } from '../../core/messages/address';
import { adoptedWelcome, agentWasAdopted } from '../../core/plan/prompts';
import type { AdoptRequest } from '../../core/team/controlRequest';
import type { Team } from '../../team/team';
import { AgentProcesses } from '../../tmux/pane/agentProcess';
import type { PaneState } from '../../tmux/pane/paneDriver';
import { rememberAdopted } from './adoptedIdentity';
import type { RunningSession } from './runningSession';

const STATE_OF = { ready: 'idle', busy: 'busy', dialog: 'needs-input' } as const;

/**
 * Makes an agent of a pane that the user started. The pane moves into a window of the session and keeps its process.
 * Its CLI runs none of TACO's hooks until it is relaunched, so only its screen proves a delivery.
 */
export class Adoption {
  private readonly processes = new AgentProcesses();

  /** @param profiles in the order in which they are tried */
  constructor(
    private readonly team: Team,
    private readonly profiles: readonly AgentProfile[],
  ) {}

  /** Throws TacoError adopt-refused and leaves the pane as it was. */
  async adopt(
    { agents, tmux }: RunningSession,
    { pane, name, profile: wanted, conversation }: AdoptRequest,
  ): Promise<AgentRecord> {
    const { store } = this.team;
    if (!AGENT_NAME.test(name) || RESERVED_NAMES.includes(nameKey(name)))
      throw errors.adoptRefused(pane, `"${name}" can be no agent's name`);
    if (agents.all.some((each) => nameKey(each.name) === nameKey(name)))
      throw errors.adoptRefused(pane, `there is an agent called "${name}" already`);
    const owner = agents.here.find((each) => each.pane === pane);
    if (owner) throw errors.adoptRefused(pane, `it is the pane of ${owner.name}`);
    const windows = await tmux.windows();
    if (windows.some((each) => each.pane === pane && each.window === MONITOR_WINDOW))
      throw errors.adoptRefused(pane, 'it shows the monitor');
    const state = await tmux.panes.capture(pane);
    if (!state || state.dead)
      throw errors.adoptRefused(pane, `no program runs in a pane of that name on TACO's tmux server`);
    const { profile, status } = await this.recognise(state, pane, wanted);
    const taken = new Set([...windows, ...agents.all].map((each) => each.window));
    let window = FIRST_AGENT_WINDOW;
    while (taken.has(window)) window += 1;
    const { cwd, server } = await tmux.paneOrigin(pane);
    const now = Date.now();
    const role = 'works on the tasks of the user';
    const record: AgentRecord = {
      window,
      name,
      role,
      status,
      workspace: cwd || this.team.projectDir,
      profile: profile.name,
      pane,
      sessionId: conversation ?? '',
      begun: conversation !== undefined,
      activity: '',
      done: false,
      spec: JSON.stringify({ window, name, role, depends_on: [], notifies: [], wait_for: [] }),
      model: '',
      permissionMode: '',
      startedAt: now,
      changedAt: now,
      exitCode: '',
      adopted: true,
    };
    await tmux.takePane(pane, window, name);
    const secret = randomBytes(24).toString('hex');
    await store.registerSender(labelOfWindow(window), secret);
    const { paths } = this.team.options;
    await rememberAdopted(paths.projectDir(this.team.projectId), { server, pane, window, secret });
    await store.setAgent(window, record);
    agents.registry.upsert(record);
    const session = await store.session();
    await store.setSession({
      agent_count: (session?.agent_count ?? 0) + 1,
      ...(session?.phase === 'planning' ? {} : { phase: 'running' }),
    });
    await store.note(`${name} was adopted into window ${window}`);
    await this.team.send({
      from: { kind: 'taco' },
      to: String(window),
      text: adoptedWelcome(name, window, `${paths.binDir}/taco`),
    });
    await this.team.send({ from: { kind: 'taco' }, to: 'mother', text: agentWasAdopted(name, window) });
    return record;
  }

  /** Recognises the agent CLI by its process and its screen. */
  private async recognise(
    state: PaneState,
    pane: string,
    wanted: string | undefined,
  ): Promise<{ readonly profile: AgentProfile; readonly status: AgentRecord['status'] }> {
    for (const profile of this.profiles) {
      if (wanted !== undefined && profile.name !== wanted) continue;
      if (!(await this.processes.runsIn(state, profile))) continue;
      const { kind } = profile.readScreen(state.screen);
      if (kind in STATE_OF) return { profile, status: STATE_OF[kind as keyof typeof STATE_OF] };
    }
    throw errors.adoptRefused(
      pane,
      `"${state.command}" with what it shows now is ${wanted === undefined ? 'no agent CLI that TACO knows' : `not ${wanted}`}`,
    );
  }
}
