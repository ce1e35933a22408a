/** Messages to an agent that works, at each phase of its turn. Claude Code gives them to its model between two calls. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case';
import { note } from './dialogCases';
import type { Sent } from './driver';
import { order } from './model';
import type { Stage } from './testSession';

function steer(name: string, play: (stage: Stage) => Promise<void>): Case {
  return { name, group: 'steer', play };
}

/** Makes the model call `count` tools, one after another, each of which takes `seconds`. */
async function works(stage: Stage, count: number, seconds: number): Promise<void> {
  await stage.says(order('tools', `${stage.tag()}:${count}:${seconds}`));
  await stage.until('a tool', 20, async () => !(await stage.isReady()));
}

async function sends(stage: Stage, count: number, everyMs = 0): Promise<readonly Sent[]> {
  const sents: Sent[] = [];
  for (let n = 1; n <= count; n++) {
    sents.push(await stage.send(note(stage, `number ${n} of ${count} while you work`)));
    await sleep(everyMs);
  }
  return sents;
}

async function arriveInOrder(stage: Stage, sents: readonly Sent[]): Promise<void> {
  await stage.arrives(...sents);
  stage.inOrder(sents);
}

/** Resolves when the text waits in the CLI's own queue. */
async function isQueued(stage: Stage, sent: Sent): Promise<void> {
  if (!stage.isOurs) return void (await stage.until('the three steps', 15, async () => (await sent.report()).ended));
  await stage.until('a queued text', 20, async () => {
    const { words, ended } = await sent.report();
    return ended || words.includes('queued in the CLI');
  });
}

export const STEER_CASES: readonly Case[] = [
  steer('one long tool runs, three messages', async (stage) => {
    await works(stage, 1, 8);
    await arriveInOrder(stage, await sends(stage, 3));
  }),
  steer('30 short tools run, 6 messages', async (stage) => {
    await works(stage, 30, 0.4);
    await arriveInOrder(stage, await sends(stage, 6, 700));
  }),
  steer('parallel tools, a permission in the middle', async (stage) => {
    const tag = stage.tag();
    await stage.says(order('mixed', tag));
    const sents = await sends(stage, 3, 300);
    await stage.shows(stage.user.choice, 30);
    await sleep(1500);
    if (stage.dialogStands(tag)) await stage.keys('Enter');
    await arriveInOrder(stage, sents);
  }),
  steer('the model thinks for long, three messages', async (stage) => {
    await stage.says(order('think', stage.tag(), 6000));
    await arriveInOrder(stage, await sends(stage, 3, 500));
  }),
  steer('Escape while a message is queued, and another follows', async (stage) => {
    await works(stage, 1, 9);
    const first = await stage.send(note(stage, 'queued before Escape'));
    await isQueued(stage, first);
    await stage.keys('Escape');
    await arriveInOrder(stage, [first, await stage.send(note(stage, 'sent after Escape'))]);
  }),
  steer('the agent is killed while a message is queued', async (stage) => {
    stage.wornOut = !stage.isOurs;
    await works(stage, 1, 9);
    const sents = await sends(stage, 2);
    if (sents[0]) await isQueued(stage, sents[0]);
    await stage.killsAgent();
    await stage.until('the end of the CLI', 15, () => stage.hasExited());
    await stage.seat.relaunch();
    await arriveInOrder(stage, sents);
  }),
];
