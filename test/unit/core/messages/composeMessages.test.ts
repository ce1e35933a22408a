import assert from 'node:assert/strict';
import { MAX_ENVELOPED_BYTES, MAX_MESSAGE_BYTES } from '../../../../src/core/base/limits';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { composeMessages } from '../../../../src/core/messages/composeMessages';
import type { SendInput } from '../../../../src/core/messages/newCommand';

const ROSTER = { tmuxSession: 'taco-x', agents: [{ window: 9999, name: 'api' }] };
const MINT = { id: () => 'cmd_123456', timestamp: () => '2026-01-01T00:00:00.000Z' };

function compose(
  text: string,
  patch: Partial<SendInput> = {},
): readonly { readonly command: { readonly message: string } }[] {
  return composeMessages({ from: { kind: 'user' }, to: 'api', text, ...patch }, ROSTER, MINT);
}

describe('the longest text', () => {
  for (const [kind, unit] of [
    ['letters', 'x'],
    ['characters of four bytes', '😀'],
  ] as const)
    it(`has ${MAX_MESSAGE_BYTES} bytes of ${kind}, without the envelope; one byte more is refused`, () => {
      const text = unit.repeat(MAX_MESSAGE_BYTES / Buffer.byteLength(unit));
      const sent = compose(text, { from: { kind: 'agent', window: 9998, secret: 's' } })[0]?.command.message ?? '';
      assert.ok(sent.endsWith(text));
      assert.ok(Buffer.byteLength(sent) <= MAX_ENVELOPED_BYTES);
      assert.throws(
        () => compose(`${text}x`),
        (error) => isTacoError(error, 'message-too-long') && error.message.includes(`${MAX_MESSAGE_BYTES + 1}`),
      );
      assert.equal(compose(`${text}\n \n`).length, 1, 'blanks at the end do not count');
    });
});
