import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeCli } from '../../src/environment/prerequisites/cliProbe';
import { claudeProfile } from '../../src/profiles/claude/profile';
import { claudeHome, CLAUDE_VERSIONS, ensureClaude } from '../support/clis/claude';
import { sideReply, startMessagesApi, type MessagesApi } from '../support/clis/messagesApi';

for (const version of CLAUDE_VERSIONS) {
  describe(`the probe of the real Claude Code ${version}`, function () {
    this.timeout(120_000);
    let dir: string;
    let api: MessagesApi;
    let claude: string;
    let env: Record<string, string>;

    before(async function () {
      this.timeout(600_000);
      claude = await ensureClaude(version);
      dir = realpathSync(mkdtempSync(join(tmpdir(), 'taco-probe-e2e-')));
      mkdirSync(join(dir, 'known'));
      mkdirSync(join(dir, 'new'));
      api = await startMessagesApi({ reply: (request) => (request.kind === 'side' ? sideReply : { text: 'Noted.' }) });
      env = {
        ...(await claudeHome({ home: join(dir, 'home'), workspaces: [join(dir, 'known')], baseUrl: api.url })),
        TMUX_TMPDIR: dir,
      };
    });
    after(async () => {
      await api.close();
      rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    });

    it('finds that everything works, and costs nothing: no prompt reaches the model', async () => {
      const steps = await probeCli({
        profile: claudeProfile,
        command: { command: claude, args: [] },
        cwd: join(dir, 'known'),
        tmuxCommand: 'tmux',
        env,
      });
      assert.deepEqual(
        steps.map(({ step, outcome }) => `${step} ${outcome}`),
        ['start ok', 'typing ok', 'escape ok', 'newline ok', 'submit ok', 'hooks ok', 'long ok'],
        JSON.stringify(steps),
      );
      assert.deepEqual(api.requests.filter(({ kind }) => kind !== 'side').length, 0);
    });

    // Each check of a start-up dialog takes time; the conformance suite covers the older version.
    if (version === CLAUDE_VERSIONS.at(-1))
      it('reports the dialog in a new folder, and leaves the answer to the user', async () => {
        const steps = await probeCli({
          profile: claudeProfile,
          command: { command: claude, args: [] },
          cwd: join(dir, 'new'),
          tmuxCommand: 'tmux',
          env,
        });
        assert.deepEqual(
          steps.map(({ step, outcome }) => `${step} ${outcome}`),
          ['start failed'],
        );
        assert.match(steps[0]?.detail ?? '', /it asks something first: .*Answer it once/);
      });
  });
}
