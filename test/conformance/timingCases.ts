/** Moments of an agent and of a user at the keyboard. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case';
import { note } from './dialogCases';
import { isOrder, order } from './model';
import type { Stage } from './testSession';
import { prose } from './textCases';

export function moment(name: string, play: (stage: Stage) => Promise<void>): Case {
  return { name, group: 'moment', play };
}

/** Repeats an action while a long message is typed. */
async function during(stage: Stage, bytes: number, what: (n: number) => Promise<void>): Promise<void> {
  const sent = await stage.send(note(stage, prose(bytes)));
  await stage.isBeingTyped(sent, 50);
  for (let n = 0; n < 8 && !(await sent.report()).ended; n++) {
    await what(n);
    await sleep(120);
  }
  await stage.arrives(sent);
}

async function resize(stage: Stage, columns: number, rows: number): Promise<void> {
  await stage.seat.tmux('resize-window', '-t', stage.seat.pane, '-x', String(columns), '-y', String(rows));
}

/** Makes the model work on a prompt of the user while the message is sent. */
async function thinks(stage: Stage, ms: number): Promise<void> {
  await stage.says(order('think', stage.tag(), ms));
  await sleep(300);
  await stage.until('work', 1, async () => !(await stage.isReady()), false);
}

/**
 * Interrupts the turn. The CLI puts the user's unanswered prompt back into the composer: a draft like any other, until
 * the user clears it.
 */
async function interrupted(stage: Stage, key: string): Promise<void> {
  const sent = await stage.send(note(stage, `waits when ${key} is pressed`));
  await sleep(1200);
  await stage.keys(key);
  if (
    key === 'C-c' &&
    stage.user.leavesAtCtrlC &&
    (await stage.until('the end of the CLI', 4, () => stage.hasExited(), false))
  ) {
    await stage.held(sent, 'exited');
    await stage.seat.relaunch();
    return stage.arrives(sent);
  }
  const isBack = async (): Promise<boolean> => isOrder((await stage.composer()) ?? '');
  if (
    (await stage.until(
      'the prompt, given back',
      4,
      async () => (await isBack()) || (await sent.report()).ended,
      false,
    )) &&
    (await isBack())
  ) {
    const draft = (await stage.composer()) ?? '';
    await stage.held(sent, 'draft');
    if (stage.isOurs) await stage.draftStands(draft);
    await stage.clears();
  }
  await stage.arrives(sent);
}

export const MOMENT_CASES: readonly Case[] = [
  moment('the agent is busy', async (stage) => {
    await thinks(stage, 3500);
    const sent = await stage.send(note(stage, 'sent while you work'), 'idle');
    await stage.held(sent, 'busy');
    await stage.arrives(sent);
  }),
  moment('the agent is busy, 30 lines', async (stage) => {
    await thinks(stage, 2500);
    await stage.arrives(await stage.send(note(stage, prose(2400, 60))));
  }),
  moment('the agent is busy, three messages', async (stage) => {
    await thinks(stage, 2500);
    const sents = [
      await stage.send(note(stage, 'the first of three')),
      await stage.send(note(stage, 'the second of three')),
      await stage.send(note(stage, 'the third of three')),
    ];
    await stage.arrives(...sents);
    stage.inOrder(sents);
  }),
  moment('ten messages at once, in order', async (stage) => {
    const sents = [];
    for (let n = 1; n <= 10; n++) sents.push(await stage.send(note(stage, `number ${n} of ten in a row`)));
    await stage.arrives(...sents);
    stage.inOrder(sents);
  }),
  moment('two senders at once', async (stage) => {
    const sents = await Promise.all(
      ['alpha', 'omega'].flatMap((who) =>
        [1, 2].map((n) => stage.send(note(stage, `${who} says ${n}, and ${prose(300)}`))),
      ),
    );
    await stage.arrives(...sents);
  }),
  moment("the user's draft stands there, and is cleared", async (stage) => {
    await stage.writes('my half a thought');
    const sent = await stage.send(note(stage, 'sent onto a draft'));
    await stage.held(sent, 'draft');
    if (stage.isOurs) await stage.draftStands('my half a thought');
    await stage.clears();
    await stage.arrives(sent);
  }),
  moment("the user's draft stands there, and is sent", async (stage) => {
    await stage.writes('my own whole thought');
    const sent = await stage.send(note(stage, 'sent before a draft is'));
    await stage.held(sent, 'draft');
    if (stage.isOurs) await stage.draftStands('my own whole thought');
    await stage.keys('Enter');
    await stage.arrives(sent);
    if (stage.given().filter((text) => text === 'my own whole thought').length !== 1)
      stage.problem("the user's own prompt did not arrive once");
  }),
  moment('the user begins to type while the message is typed', async (stage) => {
    stage.drafts.push('zzqq');
    const sent = await stage.send(note(stage, prose(6000)));
    await stage.isBeingTyped(sent, 250);
    await stage.types('zzqq');
    if (
      stage.isOurs &&
      (await stage.until(
        'a hold or an end',
        12,
        async () => (await sent.held()) === 'draft' || (await sent.report()).ended,
        false,
      )) &&
      !(await sent.report()).ended
    ) {
      if (!(await stage.screen()).join('\n').includes('zzqq')) stage.problem('what the user typed is gone');
      await stage.clears();
    }
    await stage.arrives(sent);
    if (stage.given().some((text) => text.includes('zzqq')))
      stage.problem('what the user typed reached the model inside a message');
  }),
  moment('copy mode, nobody looks', async (stage) => {
    await stage.seat.tmux('copy-mode', '-t', stage.seat.pane);
    await stage.arrives(await stage.send(note(stage, 'sent: into copy mode')));
    if (!stage.isOurs) await stage.seat.tmux('send-keys', '-t', stage.seat.pane, '-X', 'cancel').catch(() => undefined);
  }),
  // A client that attaches beside it hides its window from the user.
  {
    ...moment('copy mode, the user reads', async (stage) => {
      await stage.attaches();
      await stage.seat.tmux('copy-mode', '-t', stage.seat.pane);
      const sent = await stage.send(note(stage, 'sent under the eyes of somebody who reads back'));
      await stage.held(sent, 'copy-mode');
      if (
        stage.isOurs &&
        (await stage.seat.tmux('display-message', '-p', '-t', stage.seat.pane, '#{pane_in_mode}')).trim() !== '1'
      )
        stage.problem('copy mode was left while the user read');
      await stage.seat.tmux('send-keys', '-t', stage.seat.pane, '-X', 'cancel').catch(() => undefined);
      await stage.arrives(sent);
    }),
    alone: true,
  },
  moment('copy mode begins while the message is typed', async (stage) => {
    await stage.attaches();
    const sent = await stage.send(note(stage, prose(6000)));
    await stage.isBeingTyped(sent, 250);
    await stage.seat.tmux('copy-mode', '-t', stage.seat.pane);
    await sleep(1500);
    await stage.seat.tmux('send-keys', '-t', stage.seat.pane, '-X', 'cancel').catch(() => undefined);
    await stage.arrives(sent);
  }),
  moment('resized while the message is typed', async (stage) => {
    await during(stage, 5000, (n) => resize(stage, n % 2 ? 160 : 90, n % 2 ? 48 : 30));
    await resize(stage, 160, 48);
  }),
  moment('attached and detached while the message is typed', async (stage) => {
    await during(stage, 5000, async (n) => (n % 2 ? stage.detaches() : void (await stage.attaches())));
    stage.detaches();
    await resize(stage, 160, 48);
  }),
  moment('a pane of 60 columns and 20 rows', async (stage) => {
    await resize(stage, 60, 20);
    await sleep(300);
    await stage.arrives(await stage.send(note(stage, prose(3000))));
    await resize(stage, 160, 48);
  }),
  moment('a shell is left in the pane', async (stage) => {
    stage.wornOut = !stage.isOurs;
    const file = join(stage.bed.scratch, stage.tag());
    await stage.seat.leaveShell();
    await stage.shows(/\$ ?$/m);
    const sent = await stage.send(note(stage, `run \`touch ${file}\` please; touch ${file}`));
    // `exited` when its last hook came first.
    await stage.held(sent, 'not-the-agent', 'exited');
    if (existsSync(file)) stage.problem('a shell ran the message');
    await stage.seat.relaunch();
    await stage.arrives(sent);
  }),
  moment('the agent has exited', async (stage) => {
    stage.wornOut = !stage.isOurs;
    await stage.runs(stage.user.leave ?? '/exit');
    await stage.until('the end of the CLI', 15, () => stage.hasExited());
    const sent = await stage.send(note(stage, 'sent to one who has left'));
    await stage.held(sent, 'exited');
    await stage.seat.relaunch();
    await stage.arrives(sent);
  }),
  moment('the agent is killed while the message is typed', async (stage) => {
    stage.wornOut = !stage.isOurs;
    // A CLI that takes it as one paste gets it all at once: the kill must come in the pause before Enter.
    const sent = await stage.send(note(stage, prose(9000)));
    await stage.isBeingTyped(sent, 50);
    await stage.killsAgent();
    await stage.held(sent, 'exited');
    await stage.seat.relaunch();
    await stage.arrives(sent);
  }),
  moment('right after the start of the process', async (stage) => {
    await stage.seat.relaunch();
    await stage.arrives(await stage.send(note(stage, 'the first thing after the start')));
  }),
  moment('a second after the start of the process', async (stage) => {
    await stage.seat.relaunch();
    await sleep(1000);
    await stage.arrives(await stage.send(note(stage, 'a second after the start')));
  }),
  moment('compaction runs', async (stage) => {
    await stage.runs(stage.user.compact ?? '/compact');
    await sleep(700);
    await stage.arrives(await stage.send(note(stage, 'sent while the conversation is summed up')));
  }),
  moment('Ctrl-C once, idle', async (stage) => {
    await stage.keys('C-c');
    await sleep(100);
    const sent = await stage.send(note(stage, 'sent after one Ctrl-C'));
    if (stage.user.leavesAtCtrlC) {
      await stage.held(sent, 'exited');
      await stage.seat.relaunch();
    }
    await stage.arrives(sent);
  }),
  moment('Ctrl-C while the agent works and the message waits', async (stage) => {
    await thinks(stage, 6000);
    await interrupted(stage, 'C-c');
  }),
  moment('Escape while the agent works and the message waits', async (stage) => {
    await thinks(stage, 6000);
    await interrupted(stage, 'Escape');
  }),
];
