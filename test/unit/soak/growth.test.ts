import assert from 'node:assert/strict';
import { judge, problemsOf, type Sample, type What } from '../../soak/growth';

function samplesOf(what: What, size: (messages: number) => number): Sample[] {
  const flat = { leader: 90, monitor: 80, window: 100, windowHeap: 20, redis: 8, log: 2, aof: 8 };
  return Array.from({ length: 60 }, (_, index) => {
    const messages = (index + 1) * 500;
    return { ...flat, messages, seconds: index, [what]: size(messages) };
  });
}
const verdictOf = (what: What, size: (messages: number) => number) =>
  judge(samplesOf(what, size)).find((verdict) => verdict.what === what);

describe('the judgement of a soak', () => {
  it('passes what is filled and then stays as it is, and what goes up and down', () => {
    assert.equal(verdictOf('leader', (messages) => 90 + Math.min(30, messages / 200))?.ok, true);
    assert.equal(verdictOf('redis', (messages) => Math.min(14, 2 + messages / 400))?.ok, true);
    assert.equal(verdictOf('aof', (messages) => 4 + (messages % 4000) / 1000)?.ok, true);
  });

  it('fails what grows in a straight line, even below its limit', () => {
    const leader = verdictOf('leader', (messages) => 90 + messages / 500);
    assert.equal(leader?.ok, false);
    assert.match(leader?.text ?? '', /still grows in the second half/);
    assert.equal(verdictOf('monitor', (messages) => 90 + messages / 500)?.ok, false);
    assert.equal(verdictOf('windowHeap', (messages) => 20 + messages / 2000)?.ok, false);
  });

  it('fails what is over its limit', () => {
    assert.match(verdictOf('redis', () => 21)?.text ?? '', /more than 20 MB/);
    assert.match(verdictOf('leader', (messages) => (messages < 2000 ? 90 : 135))?.text ?? '', /more than 40 MB over/);
  });

  it('names what was lost, received twice or out of order', () => {
    assert.deepEqual(problemsOf('a', [1, 2, 3], [1, 2, 3]), []);
    assert.deepEqual(problemsOf('a', [1, 3, 2, 2], [1, 2, 3, 4]), [
      'a: 1 lost (first 4)',
      'a: 1 twice',
      'a: 1 out of order',
    ]);
  });
});
