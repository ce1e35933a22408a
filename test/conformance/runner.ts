import { BareServer } from './baselineDriver';
import { Bed } from './bed';
import type { Case } from './case';
import type { CliUnderTest } from './clis/cli';
import type { Seat } from './driver';
import { OursTeam } from './tacoDriver';
import { Stage } from './testSession';
import { OUTCOMES, type CaseResult, type Outcome, type SenderKind } from './types';

export interface RunOptions {
  readonly cli: CliUnderTest;
  readonly version: string;
  /** False: without the CLI's optional features; true when absent. */
  readonly features?: boolean;
  /** The bundle of the `taco` command. */
  readonly taco: string;
  readonly cases: readonly Case[];
  readonly senders: readonly SenderKind[];
  /** Maximum number of concurrent cases. */
  readonly lanes: number;
  readonly onResult: (result: CaseResult) => void;
}

interface Task {
  readonly test: Case;
  readonly sender: SenderKind;
}

/** Plays the cases on one version, each with each sender, and returns the results in the order of the cases. */
export async function runVersion(options: RunOptions): Promise<readonly CaseResult[]> {
  const bed = await Bed.start(options.cli, options.version, options.taco, options.features);
  const seats: Record<SenderKind, Seat[]> = { ours: [], bare: [] };
  const endings: (() => Promise<void>)[] = [];
  try {
    if (options.senders.includes('ours')) {
      const ours = await OursTeam.start(bed, options.lanes);
      endings.push(() => ours.dispose());
      for (let lane = 0; lane < options.lanes; lane++) seats.ours.push(await ours.seat(lane + 2));
    }
    if (options.senders.includes('bare')) {
      const bare = new BareServer(bed);
      endings.push(() => bare.dispose());
      for (let lane = 0; lane < options.lanes; lane++) seats.bare.push(await bare.seat());
      await Promise.all(seats.bare.map((seat) => begin(bed, seat)));
    }
    const tasks = options.cases
      .filter((test) => test.versions?.includes(options.version) ?? true)
      .flatMap((test) => options.senders.map((sender): Task => ({ test, sender })));
    const results = new Map<Task, CaseResult>();
    const play = async (task: Task): Promise<void> => {
      const result = await playOnSeat(bed, seats, task);
      results.set(task, result);
      options.onResult(result);
    };
    const together = tasks.filter(({ test }) => !test.alone);
    await Promise.all(
      Array.from({ length: options.lanes }, async () => {
        for (let task = together.shift(); task; task = together.shift()) await play(task);
      }),
    );
    for (const task of tasks.filter(({ test }) => test.alone)) await play(task);
    return tasks.flatMap((task) => results.get(task) ?? []);
  } finally {
    for (const end of endings) await end();
    await bed.dispose();
  }
}

async function playOnSeat(bed: Bed, seats: Record<SenderKind, Seat[]>, { test, sender }: Task): Promise<CaseResult> {
  if (test.home) return playAtStart(bed, test, sender);
  const free = seats[sender];
  const seat = free.pop();
  if (!seat) throw new Error(`no free seat for ${sender}`);
  const stage = new Stage(bed, seat);
  const result = await play(stage, test, sender);
  await tidy(bed, seat, stage.wornOut);
  free.push(seat);
  return result;
}

/** Plays a case about the start itself: with its own agent, which is removed afterwards. */
async function playAtStart(bed: Bed, test: Case, sender: SenderKind): Promise<CaseResult> {
  if (sender === 'ours') {
    const team = await OursTeam.start(bed, 0, test.home, false);
    try {
      return await play(new Stage(bed, await team.seat(0)), test, sender);
    } finally {
      await team.dispose();
    }
  }
  const server = new BareServer(bed);
  try {
    const seat = await server.seat(test.home);
    await seat.relaunch();
    return await play(new Stage(bed, seat), test, sender);
  } finally {
    await server.dispose();
  }
}

async function play(stage: Stage, test: Case, sender: SenderKind): Promise<CaseResult> {
  try {
    await test.play(stage);
  } catch (error) {
    stage.problem(`the scene broke: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    stage.detaches();
  }
  const messages = await stage.messages();
  if (stage.isOurs && messages.some(({ outcome }) => outcome !== 'exact'))
    stage.problem(`at the end the composer held: ${JSON.stringify(await stage.composer())?.slice(0, 120)}`);
  const worst = (outcomes: readonly Outcome[]): Outcome =>
    OUTCOMES.find((outcome) => outcomes.includes(outcome)) ?? 'lost';
  return {
    name: test.name,
    group: test.group,
    cli: stage.bed.cli.name,
    version: stage.bed.label,
    sender,
    outcome: worst(messages.map(({ outcome }) => outcome)),
    messages,
    dialogsAnswered: stage.dialogsAnswered,
    problems: stage.problems,
    seconds: stage.seconds,
  };
}

/** Sends a first prompt, so that a restart has a conversation to continue. */
async function begin(bed: Bed, seat: Seat): Promise<void> {
  await seat.relaunch();
  const stage = new Stage(bed, seat);
  await stage.until('a composer', 60, () => stage.isReady());
  await stage.says('Hello there');
  await stage.until('an answer', 20, () => stage.isReady());
}

/** Restarts an agent that a case left busy, in a dialog, with text in its composer, or ended. */
async function tidy(bed: Bed, seat: Seat, wornOut: boolean): Promise<void> {
  const stage = new Stage(bed, seat);
  const isClean = async (): Promise<boolean> =>
    !stage.isMidTurn() && (await stage.isReady()) && stage.user.empty.test((await stage.composer()) ?? 'none');
  if (!wornOut && (await stage.until('a clean agent', 3, isClean, false))) return;
  await seat.relaunch();
  await stage.until('no message that waits', 300, async () => (await seat.waiting()) === 0, false);
  if (await stage.until('a clean agent', 60, isClean, false)) return;
  // A CLI may draw its composer wrongly when it and the terminal disagree about the width of the text above. Another
  // size makes it redraw.
  for (const columns of ['150', '160']) {
    await seat.tmux('resize-window', '-t', seat.pane, '-x', columns, '-y', '48');
    await stage.until('a clean agent', 5, isClean, false);
  }
  await stage.until('a clean agent, drawn again', 60, isClean);
}
