import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TacoPaths } from '../../../src/core/programs/paths';
import { HostedTeam, whenThere } from '../../support/hosts';
import { agent } from '../../support/planBuilders';
import { waitUntil } from '../../support/waitUntil';

const PATIENCE_MS = 60_000;

describe('TACO_HOME of a host that is deleted while its agents run', function () {
  this.timeout(240_000);
  let hosted: HostedTeam;
  beforeEach(async () => (hosted = await HostedTeam.open()));
  afterEach(() => hosted.dispose());

  it('is written again by its executor: the agent goes on in its process and gets messages', async () => {
    const { bed, team, host } = hosted;
    await hosted.running([agent(2, 'far', { host: 'build' })]);
    const paths = new TacoPaths({ TACO_HOME: join(host.home, 't') }, host.home);
    const files = [join(paths.binDir, 'taco'), paths.launchScript(team.projectId, 2)];
    const changed = Math.max(...files.map((path) => statSync(path).mtimeMs));
    const read = (): boolean =>
      readdirSync(paths.logDir)
        .map((name) => readFileSync(join(paths.logDir, name), 'utf8'))
        .some((log) =>
          [...log.matchAll(/"home\.read","latest":([\d.]+)/g)].some(([, latest]) => Number(latest) >= changed),
        );
    await waitUntil(read, PATIENCE_MS, 'the copy of the host');
    const contents = (): readonly string[] => files.map((path) => readFileSync(path, 'utf8'));
    const before = contents();
    const pane = (): string => host.tmux('list-panes', '-a', '-F', '#{window_name} #{pane_pid}');
    const panes = pane();
    rmSync(paths.home, { recursive: true });
    await waitUntil(() => files.every((path) => existsSync(path)), PATIENCE_MS, 'the repair');
    assert.deepEqual(contents(), before);
    assert.equal(statSync(paths.home).mode & 0o777, 0o700);
    assert.equal(pane(), panes);
    await team.send({ from: { kind: 'user' }, to: '2', text: 'after the deletion' });
    const got = await whenThere(() => hosted.got('far').filter((text) => text.includes('after the deletion')), 1);
    assert.equal(got.length, 1);
    await bed.until(team, 'the note', 30, ({ activity }) =>
      activity.some(({ text }) => text.includes('was deleted while the team runs')),
    );
  });
});
