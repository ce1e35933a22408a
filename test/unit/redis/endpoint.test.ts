import assert from 'node:assert/strict';
import { isTacoError } from '../../../src/core/errors';
import { endpointUrl, parseEndpoint } from '../../../src/redis/endpoint';

describe('the address of a Redis', () => {
  it('may be a socket, by path or as a URL', () => {
    assert.equal(parseEndpoint('/run/redis.sock').socket, '/run/redis.sock');
    assert.deepEqual(parseEndpoint('unix://:secret@/run/redis.sock'), { ...parseEndpoint('/run/redis.sock'), password: 'secret' });
  });
  it('may be redis:// or rediss:// with user, password, port and database', () => {
    const { host, port, tls, username, password, db } = parseEndpoint('rediss://me:p%40ss@cache.local:6390/3');
    assert.deepEqual({ host, port, tls, username, password, db }, { host: 'cache.local', port: 6390, tls: true, username: 'me', password: 'p@ss', db: 3 });
    assert.deepEqual([parseEndpoint('redis://[::1]').host, parseEndpoint('redis://').host, parseEndpoint('redis://h').port], ['::1', '127.0.0.1', 6379]);
  });
  it('comes back from its URL as it was', () => {
    for (const text of ['/a b/r.sock', 'unix://:s%20x@/run/r.sock', 'redis://u:p%40@[::1]:1/2', 'rediss://h']) {
      const endpoint = parseEndpoint(text);
      assert.deepEqual(parseEndpoint(endpointUrl(endpoint)), endpoint);
    }
  });
  it('never shows its password to people', () => {
    for (const text of ['rediss://me:hush@h:1/2', 'unix://:hush@/run/r.sock']) assert.doesNotMatch(parseEndpoint(text).label, /hush/);
    for (const bad of ['http://me:hush@h', 'redis://me:hush@h/notadb', 'redis://me:hush@:x y', 'unix://:hush%zz@/x', 'nonsense hush', '']) {
      assert.throws(() => parseEndpoint(bad), (e) => isTacoError(e, 'redis-unreachable') && !/hush/.test(e.message + String(e.cause)));
    }
  });
});
