/** The subset of RESP2, the protocol of Redis, that a client of a few commands needs. */

/** An error reply of Redis. */
export class RedisReplyError extends Error {
  override readonly name = 'RedisReplyError';
}

export function encodeCommand(words: readonly (string | number)[]): Buffer {
  const parts = words.map((word) => {
    const text = String(word);
    return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
  });
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`);
}

export interface Decoded {
  /** String, number, null, RedisReplyError, or an array of these. */
  readonly value: unknown;
  /** Offset of the first byte after the reply. */
  readonly next: number;
}

/** Decodes the reply that begins at `offset`; returns null while it is incomplete. Throws on invalid RESP2. */
export function decodeReply(buffer: Buffer, offset = 0): Decoded | null {
  const end = buffer.indexOf('\r\n', offset);
  if (end < 0) return null;
  const head = buffer.toString('utf8', offset + 1, end);
  const start = end + 2;
  switch (buffer[offset]) {
    case 0x2b: // +
      return { value: head, next: start };
    case 0x2d: // -
      return { value: new RedisReplyError(head), next: start };
    case 0x3a: // :
      return { value: Number(head), next: start };
    case 0x24: // $
      return decodeBulk(buffer, start, Number(head));
    case 0x2a: // *
      return decodeArray(buffer, start, Number(head));
    default:
      throw new Error('The answer is not that of a Redis.');
  }
}

function decodeBulk(buffer: Buffer, start: number, length: number): Decoded | null {
  if (length < 0) return { value: null, next: start };
  const next = start + length + 2;
  return buffer.length < next ? null : { value: buffer.toString('utf8', start, start + length), next };
}

function decodeArray(buffer: Buffer, start: number, count: number): Decoded | null {
  if (count < 0) return { value: null, next: start };
  const items: unknown[] = [];
  let next = start;
  for (let i = 0; i < count; i++) {
    const item = decodeReply(buffer, next);
    if (!item) return null;
    items.push(item.value);
    next = item.next;
  }
  return { value: items, next };
}
