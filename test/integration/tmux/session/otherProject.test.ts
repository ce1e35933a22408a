import assert from 'node:assert/strict';
import { Machine } from '../../../support/machine';

describe('TACO, with two projects of the same folder name on one tmux server', function () {
  this.timeout(180_000);
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.dispose());

  it('names their sessions differently', async () => {
    const [x, y] = [machine.project('x/app'), machine.project('y/app')];
    await x.begin();
    await y.begin();
    assert.match(await x.session(), /^taco-app-[0-9a-f]{6}-\d{8}$/);
    assert.notEqual(await x.session(), await y.session());
  });

  it('reports the end of a session, and leaves a session of another project with its name alone', async () => {
    const [x, y] = [machine.project('x/app'), machine.project('y/app')];
    await (await x.begin()).leave();
    const name = await x.session();
    await machine.killServer();
    await y.begin();
    // A session with exactly this name proves nothing.
    machine.tmux('new-session', '-d', '-s', name, 'cat');
    const again = x.up();
    assert.equal(await again.ended, 1);
    assert.match(again.output(), /has ended/);
    await x.taco(['send', 'api', 'meant for x']);
    const down = await x.taco(['down']);
    assert.equal(down.code, 0, down.text);
    assert.equal(machine.tmux('has-session', '-t', `=${name}`), '');
    assert.equal((await y.cliProcesses('api')).length, 1);
    assert.equal((await y.taco(['send', 'api', 'meant for y', '--wait', 'received', '--timeout', '20'])).code, 0);
    assert.ok(!y.received().some((line) => line.includes('meant for x')));
  });

  it('resumes a team under another name when an unmanaged session has its own, and leaves that one alone', async () => {
    const [x, y] = [machine.project('x/app'), machine.project('y/app')];
    await (await x.begin()).leave();
    const name = await x.session();
    await machine.killServer();
    assert.equal(await x.up().ended, 1);
    await y.begin();
    machine.tmux('new-session', '-d', '-s', name, 'cat');
    x.up(['--resume']);
    const sent = await x.taco(['send', 'api', 'are you back?', '--wait', 'received', '--timeout', '60']);
    assert.equal(sent.code, 0, sent.text);
    assert.equal(await x.session(), `${name}-2`);
    assert.equal(machine.tmux('display-message', '-p', '-t', `=${name}:`, '#{pane_current_command}'), 'cat');
    assert.deepEqual([(await x.cliProcesses('api')).length, (await y.cliProcesses('api')).length], [1, 1]);
    assert.equal((await x.taco(['down'])).code, 0);
    assert.deepEqual(await x.processes(), []);
    assert.equal((await y.cliProcesses('api')).length, 1);
  });
});
