import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentView, Snapshot } from '../../src/core/team/snapshot';
import type { Team } from '../../src/team/team';
import { ensureClaude, NEWEST_CLAUDE } from '../support/clis/claude';
import { claudeTeam, type ClaudeTeam } from '../support/clis/claudeTeam';
import { sideReply, type MessagesApi, type ModelRequest, type Reply } from '../support/clis/messagesApi';
import type { TestTeam } from '../support/team';
import { waitUntil } from '../support/waitUntil';

const WINDOW = 2;
const PLAN = JSON.stringify({
  agents: [
    {
      window: WINDOW,
      name: 'api',
      role: 'Builds',
      permission_mode: 'manual',
      depends_on: [],
      notifies: [],
      wait_for: [],
    },
  ],
});

/** A Claude Code in the shell of the agent, with the hooks of the agent. */
const NESTED = 'nested: are you there?';

function model(request: ModelRequest): Reply {
  if (request.kind === 'side') return sideReply;
  const last = request.prompts.at(-1) ?? '';
  const run = /run: (.*)$/.exec(last)?.[1];
  if (run !== undefined) return { tools: [{ name: 'Bash', input: { command: run, description: 'Ask another' } }] };
  if (last.endsWith('make a plan')) {
    const path = /[\w/.-]+\/plans\/[\w-]+\.md/.exec(JSON.stringify(request.body))?.[0] ?? '';
    return { tools: [{ name: 'Write', input: { file_path: path, content: '# The plan\n\n1. Do it.' } }] };
  }
  if (request.toolResults.some(({ text }) => /\/plans\//.test(text)))
    return { tools: [{ name: 'ExitPlanMode', input: {} }] };
  if (request.prompts.some((prompt) => prompt.endsWith('ask me')))
    return { tools: [{ name: 'Bash', input: { command: 'touch made', description: 'Make a file' } }] };
  return { text: 'Understood.' };
}

describe(`the conversation and the permission mode that a real Claude Code ${NEWEST_CLAUDE} shows`, function () {
  this.timeout(120_000);
  let claude: ClaudeTeam;
  let bed: TestTeam;
  let api: MessagesApi;
  let team: Team;
  let executable: string;

  before(async function () {
    this.timeout(600_000);
    executable = await ensureClaude(NEWEST_CLAUDE);
    claude = await claudeTeam({
      version: NEWEST_CLAUDE,
      reply: model,
      settings: { autoApprove: true },
      prepare: ({ dir }) => {
        const folder = join(dir, 'claude-home', '.claude');
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'settings.json'), '{"showClearContextOnPlanAccept":true}');
      },
    });
    ({ bed, api, team } = claude);
    await team.request({ kind: 'start', goal: 'x', plan: PLAN });
    await idle();
  });
  after(() => claude.dispose());

  const agentOf = ({ agents }: Snapshot): AgentView | undefined => agents.find(({ window }) => window === WINDOW);
  const idle = async (): Promise<AgentView> => {
    const snapshot = await bed.until(
      team,
      'idle',
      60,
      (seen) => seen.session?.phase === 'running' && agentOf(seen)?.status === 'idle' && agentOf(seen)?.waiting === 0,
    );
    return agentOf(snapshot) as AgentView;
  };
  const say = async (text: string): Promise<void> => {
    const [sent] = await team.send({ from: { kind: 'user' }, to: 'api', text });
    await team.waitFor(sent?.id ?? '', 'received', 40_000);
  };
  const footer = (pane: string): string => bed.screen(pane).trimEnd().split('\n').at(-1) ?? '';
  /** Types a slash command, and presses Enter until it has its effect. */
  const command = async (text: string, what: string, hasEffect: (snapshot: Snapshot) => boolean): Promise<void> => {
    const { pane } = await idle();
    bed.tmux('send-keys', '-t', pane, '-l', '--', `${text} `);
    // Between the mark and the text is a no-break space.
    const isTyped = (): boolean => bed.screen(pane).replaceAll('\u00a0', ' ').includes(`❯ ${text}`);
    await bed.until(team, `${text} on the screen`, 30, isTyped);
    await bed.press(pane, 'Enter', what, async () => hasEffect(await team.snapshot()));
  };

  it('is followed after /clear: state, requests, relaunch', async () => {
    await say('before the clearing');
    const before = await idle();
    await command('/clear', 'another conversation', (seen) => agentOf(seen)?.sessionId !== before.sessionId);
    const cleared = agentOf(await team.snapshot());
    await say('ask me');
    const { needs } = await bed.until(team, 'the request', 30, ({ needs: open }) => open.length > 0);
    await bed.until(team, 'needs input', 10, (seen) => agentOf(seen)?.status === 'needs-input');
    await team.answer(needs[0]?.id ?? '', { kind: 'deny', note: '' });
    assert.equal((await idle()).sessionId, cleared?.sessionId);
    await team.request({ kind: 'relaunch', window: WINDOW });
    await say('after the relaunch');
    assert.equal((await idle()).sessionId, cleared?.sessionId);
    const last = api.requests.findLast(({ prompts }) => prompts.some((text) => text.endsWith('after the relaunch')));
    const body = JSON.stringify(last?.body);
    assert.ok(body.includes('ask me') && !body.includes('before the clearing'));
  });

  it('starts a new conversation when it is relaunched right after /clear', async () => {
    await command('/clear', 'a cleared conversation', (seen) => agentOf(seen)?.begun === false);
    await team.request({ kind: 'relaunch', window: WINDOW });
    await say('into the new one');
    await idle();
    const last = api.requests.findLast(({ prompts }) => prompts.some((text) => text.endsWith('into the new one')));
    assert.ok(!JSON.stringify(last?.body).includes('after the relaunch'));
  });

  it('is not replaced by that of a Claude Code that the agent runs in its shell', async () => {
    const before = await idle();
    const settings = join(bed.paths.agentDir(team.keys.projectId, WINDOW), 'settings.json');
    await say(`run: ${executable} --settings ${settings} -p '${NESTED}'`);
    const { needs } = await bed.until(team, 'the request', 30, ({ needs: open }) => open.length > 0);
    await team.answer(needs[0]?.id ?? '', { kind: 'allow' });
    await waitUntil(() => api.received().includes(NESTED), 60_000, 'the prompt of the nested one');
    const after = await idle();
    assert.deepEqual([after.sessionId, after.activity], [before.sessionId, 'Understood.']);
    await say('after the nested one');
    assert.equal((await idle()).sessionId, before.sessionId);
  });

  it('is the one that the user picks in /resume', async () => {
    const before = await idle();
    const isPicked = (seen: Snapshot): boolean => agentOf(seen)?.sessionId !== before.sessionId;
    // A second Enter may already pick.
    const isOpen = (seen: Snapshot): boolean => /Resume session/.test(bed.screen(before.pane)) || isPicked(seen);
    await command('/resume', 'the picker', isOpen);
    await bed.press(before.pane, 'Enter', 'another conversation', async () => isPicked(await team.snapshot()));
    const picked = agentOf(await team.snapshot());
    await say('into the picked one');
    assert.equal((await idle()).sessionId, picked?.sessionId);
    assert.deepEqual(api.received(picked?.sessionId).slice(-1), ['[USER → AGENT-2]: into the picked one']);
  });

  it('is shown with the mode that the user chooses between two prompts, and the one in which a prompt runs', async () => {
    const { pane, permissionMode } = await idle();
    assert.equal(permissionMode, 'default');
    await bed.press(pane, 'BTab', 'the mode in the footer', () => /accept edits on/.test(footer(pane)));
    await bed.until(team, 'the mode of the screen', 30, (seen) => agentOf(seen)?.permissionMode === 'acceptEdits');
    await say('in another mode');
    assert.equal((await idle()).permissionMode, 'acceptEdits');
  });

  it('is the one in which a plan is carried out that was approved with an empty context', async () => {
    const before = await idle();
    await bed.press(before.pane, 'BTab', 'plan mode in the footer', () => /plan mode on/.test(footer(before.pane)));
    await bed.until(team, 'plan mode', 30, (seen) => agentOf(seen)?.permissionMode === 'plan');
    await say('make a plan');
    const { needs } = await bed.until(team, 'the request', 30, ({ needs: open }) => open.length > 0);
    assert.equal(needs[0]?.tool, 'ExitPlanMode');
    const isOpen = (): boolean => /❯ 1\. Yes, clear context/.test(bed.screen(before.pane));
    await bed.until(team, 'its dialog', 30, isOpen);
    await bed.press(before.pane, 'Enter', 'an answered dialog', () => !isOpen());
    const cleared = agentOf(
      await bed.until(team, 'another conversation', 30, (seen) => agentOf(seen)?.sessionId !== before.sessionId),
    );
    await bed.until(team, 'no request', 20, ({ needs: open }) => open.length === 0);
    await say('after the plan');
    assert.equal((await idle()).sessionId, cleared?.sessionId);
  });
});
