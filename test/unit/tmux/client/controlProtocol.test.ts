import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ControlProtocol, type ControlBlock } from '../../../../src/tmux/client/controlProtocol';

function read(stream: readonly string[]): { blocks: ControlBlock[]; notifications: string[] } {
  const blocks: ControlBlock[] = [];
  const notifications: string[] = [];
  const protocol = new ControlProtocol({
    block: (block) => blocks.push(block),
    notification: (name, rest) => notifications.push(`${name} ${rest}`.trim()),
  });
  for (const piece of stream) protocol.push(piece);
  return { blocks, notifications };
}

describe('the control-mode protocol', () => {
  it('distinguishes answers to requests from those of commands that tmux ran by itself', () => {
    const { blocks } = read(['%begin 1 10 0\n%end 1 10 0\n%begin 1 11 1\none\n%end 1 11 1\n']);
    assert.deepEqual(blocks, [
      { lines: [], ok: true, ours: false },
      { lines: ['one'], ok: true, ours: true },
    ]);
  });

  it('reports an error with its message', () => {
    assert.deepEqual(read(["%begin 1 2 1\ncan't find pane: %9\n%error 1 2 1\n"]).blocks, [
      { lines: ["can't find pane: %9"], ok: false, ours: true },
    ]);
  });

  it('treats a line of a pane that looks like a guard or a notification as text', () => {
    const { blocks, notifications } = read(['%begin 1 2 1\n%end 1 3 1\n%exit\n%begin 1 9 1\n%end 1 2 1\n']);
    assert.deepEqual(blocks[0]?.lines, ['%end 1 3 1', '%exit', '%begin 1 9 1']);
    assert.deepEqual(notifications, []);
  });

  it('reports notifications with the rest of their line', () => {
    assert.deepEqual(read(['%window-renamed @1 a b\n%sessions-changed\n']).notifications, [
      'window-renamed @1 a b',
      'sessions-changed',
    ]);
  });

  it('gives the same result wherever the stream is split', () => {
    const stream = '%begin 1 10 0\n%end 1 10 0\n%session-changed $0 s\n%begin 2 11 1\nä日\n\n%end 2 11 1\n%exit\n';
    const whole = read([stream]);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
        assert.deepEqual(read(at.slice(1).map((end, index) => stream.slice(at[index], end))), whole);
      }),
    );
  });
});
