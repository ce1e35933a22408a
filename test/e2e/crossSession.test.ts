import assert from 'node:assert/strict';
import type { Snapshot } from '../../src/core/team/snapshot';
import { NEWEST_CLAUDE } from '../support/clis/claude';
import { claudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type ModelRequest, type Reply } from '../support/clis/messagesApi';
import { waitUntil } from '../support/waitUntil';

const TEXT = 'hello from the other session';
const agent = (window: number, name: string): object => ({
  window,
  name,
  role: 'Works',
  depends_on: [],
  notifies: [],
  wait_for: [],
});
const PLAN = JSON.stringify({ agents: [agent(2, 'sender'), agent(3, 'receiver')] });

/** Lets the sender list the sessions, and write to the one in `pane`. Returns what its tool answered. */
async function writes(crossSession: 'refuse' | 'show'): Promise<{ answer: string; got: string[]; snapshot: Snapshot }> {
  let pane = '';
  let answer = '';
  const model = (request: ModelRequest): Reply => {
    if (request.kind === 'side') return sideReply;
    if (request.prompts.some((prompt) => prompt.endsWith('write to it')))
      return { tools: [{ name: 'ListAgents', input: {} }] };
    const results = request.toolResults.map(({ text }) => text).join('\n');
    const row = results.split('\n').find((line) => line.includes(`.${pane} `) && line.includes('·'));
    const name = /^\s*(\S+) \[/.exec(row ?? '')?.[1];
    if (name !== undefined)
      return { tools: [{ name: 'SendMessage', input: { to: name, message: TEXT, summary: 'hello' } }] };
    if (results !== '') answer = results;
    return { text: 'Understood.' };
  };
  const { bed, api, team, dispose } = await claudeTeam({
    version: NEWEST_CLAUDE,
    reply: model,
    settings: { autoApprove: true, crossSession },
  });
  try {
    await team.request({ kind: 'start', goal: 'x', plan: PLAN });
    const atRest = ({ session, agents }: Snapshot): boolean =>
      session?.phase === 'running' && agents.every(({ status, waiting }) => status === 'idle' && waiting === 0);
    const started = await bed.until(team, 'all at rest', 60, atRest);
    pane = started.agents.find(({ name }) => name === 'receiver')?.pane ?? '';
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'sender', text: 'write to it' });
    await team.waitFor(sent?.id ?? '', 'received', 90_000);
    await bed.until(team, 'an answer of the tool', 40, () => answer !== '');
    const got = (): string[] => api.received().filter((text) => text.includes(TEXT));
    if (crossSession === 'show') {
      await waitUntil(() => got().length > 0, 60_000, 'the message at the receiver’s model');
      await bed.until(team, 'a note of it', 60, ({ activity }) => activity.some(({ text }) => text.includes(TEXT)));
    } else {
      // A message that is let in arrives within this time on a quiet machine; no condition ends the wait for none.
      await new Promise((done) => setTimeout(done, 2000));
    }
    const snapshot = await bed.until(team, 'all at rest', 30, atRest);
    return { answer, got: got(), snapshot };
  } finally {
    await dispose();
  }
}

describe(`messages between sessions of a real Claude Code ${NEWEST_CLAUDE}, past TACO`, function () {
  this.timeout(200_000);

  it('are refused by default, and the sender gets the reason', async () => {
    const { answer, got } = await writes('refuse');
    assert.deepEqual(got, []);
    assert.match(answer, /refus|not accept|declin|reject/i);
  });

  it('are shown as what they are when the user lets them in', async () => {
    const { got, snapshot } = await writes('show');
    assert.equal(got.length, 1);
    const notes = snapshot.activity.map(({ text }) => text).filter((text) => text.includes(TEXT));
    assert.deepEqual(notes.length, 1);
    assert.match(notes[0] ?? '', /^receiver got a message past TACO from .+: hello from the other session$/);
  });
});
