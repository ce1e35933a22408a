import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeReply, encodeCommand, RedisReplyError } from '../../../../src/redis/client/resp';

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

function encode(value: unknown): string {
  if (value === null) return '$-1\r\n';
  if (typeof value === 'number') return `:${value}\r\n`;
  if (Array.isArray(value)) return `*${value.length}\r\n${value.map(encode).join('')}`;
  return bulk(value as string);
}

const reply = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }),
    fc.integer(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
})).value;

describe('RESP2', () => {
  it('encodes words with their length in bytes', () => {
    assert.equal(encodeCommand(['SET', 'ü', 12]).toString(), `*3\r\n${bulk('SET')}${bulk('ü')}${bulk('12')}`);
  });
  it('decodes any reply, whole or not at all', () => {
    fc.assert(
      fc.property(reply, fc.string(), (value, before) => {
        const lead = Buffer.from(bulk(before));
        const bytes = Buffer.concat([lead, Buffer.from(encode(value))]);
        assert.deepEqual(decodeReply(bytes, lead.length), { value, next: bytes.length });
        for (let cut = lead.length; cut < bytes.length; cut++)
          assert.equal(decodeReply(bytes.subarray(0, cut), lead.length), null);
      }),
    );
  });
  it('distinguishes errors from values, also inside arrays', () => {
    assert.deepEqual(decodeReply(Buffer.from('-NOSCRIPT no\r\n'))?.value, new RedisReplyError('NOSCRIPT no'));
    assert.deepEqual(decodeReply(Buffer.from('*2\r\n+OK\r\n-ERR x\r\n'))?.value, ['OK', new RedisReplyError('ERR x')]);
    assert.equal(decodeReply(Buffer.from('*-1\r\n'))?.value, null);
  });
  it('refuses bytes that are no RESP2', () => {
    assert.throws(() => decodeReply(Buffer.from('HTTP/1.1 400 Bad Request\r\n')), /not that of a Redis/);
  });
});
