import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { TacoPaths } from '../../../src/core/programs/paths';
import type { StateStore } from '../../../src/core/team/ports';
import { AgentLauncher } from '../../../src/orchestrator/launch/agentLauncher';
import type { LauncherOptions } from '../../../src/orchestrator/launch/launcherOptions';
import { writeShim } from '../../../src/orchestrator/launch/shim';
import { scriptedProfile } from '../../../src/profiles/scripted';
import { defaultSettings } from '../../../src/team/engineSettings';
import { TmuxSession } from '../../../src/tmux/session/tmuxSession';
import { CANARY, hostileNames } from '../../support/hostileNames';
import { silentLogger } from '../../support/loggers';
import { PrivateTmux } from '../../support/tmux';
import { waitUntil } from '../../support/waitUntil';

/** Writes its folder, what `taco` prints and its last argument, a NUL after each. */
const AGENT = `#!/bin/sh
{ pwd -P; printf '\\0'; taco hello; printf '\\0%s\\0' "$2"; } > "$1.draft" && mv "$1.draft" "$1"
exec sleep 1000
`;
const STORE = { setAgent: nothing, registerSender: nothing, note: nothing } as unknown as StateStore;
const PORTS = { take: () => Promise.resolve([]), freeAll: nothing } as unknown as LauncherOptions['ports'];

function nothing(): Promise<void> {
  return Promise.resolve();
}

describe('folder names that are programs to tmux, a shell or git', function () {
  this.timeout(600_000);
  let root = '';
  let tmux: PrivateTmux;
  let count = 0;

  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'taco-names-')));
    tmux = new PrivateTmux();
    mkdirSync(join(root, 'bin'));
    executable(join(root, 'bin', CANARY), `#!/bin/sh\n: > '${root}/canary'\n`);
    executable(join(root, 'agent'), AGENT);
    writeFileSync(join(root, 'taco'), 'printf "taco says %s" "$1"\n');
  });
  after(() => {
    tmux.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  function executable(file: string, text: string): void {
    writeFileSync(file, text);
    chmodSync(file, 0o700);
  }

  /** Launches one agent as the leader does, and gives what it says about itself. */
  async function launched(project: string, home: string, systemPrompt: string) {
    const report = join(root, `report-${(count += 1)}`);
    const env = {
      ...tmux.options.env,
      PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      TACO_HOME: home,
    };
    const paths = new TacoPaths(env, root);
    const settings = {
      ...defaultSettings,
      tacoCommand: ['/bin/sh', join(root, 'taco')],
      tmuxSocket: tmux.options.socket,
    };
    const launcher = new AgentLauncher({
      store: STORE,
      ports: PORTS,
      settings,
      paths,
      projectId: 'abc',
      projectDir: project,
      redis: '/nowhere.sock',
      env,
      log: silentLogger,
      profileOf: () => ({
        ...scriptedProfile,
        defaultCommand: join(root, 'agent'),
        launch: (context) => ({ argv: [context.command, report, context.systemPrompt], env: {}, files: [] }),
      }),
    });
    await writeShim(paths, settings.tacoCommand);
    const session = await TmuxSession.create(
      { ...tmux.options, configFile: paths.tmuxConfig, env },
      `s${count}`,
      project,
      'Mother',
    );
    try {
      await session.setEpoch(1);
      const order = {
        window: 2,
        name: 'api',
        role: systemPrompt,
        spec: null,
        systemPrompt,
        profile: 'x',
        earlier: null,
      };
      const { pane } = await launcher.launch(session, order, null);
      await waitUntil(() => existsSync(report), 15_000, 'a report', { details: () => session.text(pane, 20) });
      const [cwd = '', taco = '', argument = ''] = readFileSync(report, 'utf8').split('\0');
      return { cwd: cwd.replace(/\n$/, ''), taco, argument };
    } finally {
      tmux.tmux('kill-session', '-t', `=${session.name}`);
      session.dispose();
    }
  }

  it('are the real working folders of 300 agents, whose taco works, and nothing else is run', async () => {
    await fc.assert(
      fc.asyncProperty(hostileNames(), hostileNames(':'), hostileNames(), async (name, homeName, role) => {
        const at = join(root, String(count));
        const project = join(at, name);
        mkdirSync(project, { recursive: true });
        const agent = await launched(project, join(at, `h${homeName}`.slice(0, 80).toWellFormed()), role);
        assert.deepEqual(agent, { cwd: project, taco: 'taco says hello', argument: role });
        assert.ok(!existsSync(join(root, 'canary')), 'a command that stands in a name was run');
        rmSync(at, { recursive: true, force: true });
      }),
      { numRuns: 300 },
    );
  });
});
