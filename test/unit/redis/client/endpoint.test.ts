import assert from 'node:assert/strict';
import { isTacoError } from '../../../../src/core/errors/tacoError';
import { endpointUrl, parseEndpoint, withPassword } from '../../../../src/redis/client/endpoint';

describe('parseEndpoint', () => {
  it('accepts a socket by path or as a URL', () => {
    assert.equal(parseEndpoint('/run/redis.sock').socket, '/run/redis.sock');
    assert.deepEqual(parseEndpoint('unix://:secret@/run/redis.sock'), {
      ...parseEndpoint('/run/redis.sock'),
      password: 'secret',
    });
  });
  it('accepts redis:// and rediss:// with user, password, port and database', () => {
    const { host, port, tls, username, password, db } = parseEndpoint('rediss://me:p%40ss@cache.local:6390/3');
    assert.deepEqual(
      { host, port, tls, username, password, db },
      { host: 'cache.local', port: 6390, tls: true, username: 'me', password: 'p@ss', db: 3 },
    );
    assert.deepEqual(
      [parseEndpoint('redis://[::1]').host, parseEndpoint('redis://').host, parseEndpoint('redis://h').port],
      ['::1', '127.0.0.1', 6379],
    );
  });
  it('returns the same endpoint from the URL of an endpoint', () => {
    for (const text of [
      '/a b/r.sock',
      'unix://:s%20x@/run/r.sock',
      'redis://u:p%40@[::1]:1/2',
      'rediss://h',
      'rediss://h:1/2?ca=%2Fa+b.pem&key=%2Fk',
      'redis+cluster://u:p%40%2C@h:1,[::1]:2,h3',
      'rediss+cluster://h?ca=/c',
    ]) {
      const endpoint = parseEndpoint(text);
      assert.deepEqual(parseEndpoint(endpointUrl(endpoint)), endpoint);
    }
  });
  it('accepts a cluster by one or more of its nodes', () => {
    const { cluster, host, port, tls, username, password, label } = parseEndpoint(
      'rediss+cluster://me:p%40ss@a:7000,[::1]:7001,c',
    );
    assert.deepEqual(cluster, [
      { host: 'a', port: 7000 },
      { host: '::1', port: 7001 },
      { host: 'c', port: 6379 },
    ]);
    assert.deepEqual(
      { host, port, tls, username, password },
      { host: 'a', port: 7000, tls: true, username: 'me', password: 'p@ss' },
    );
    assert.equal(label, 'rediss+cluster://a:7000,[::1]:7001,c:6379');
  });
  it('accepts a separate password for every form of URL', () => {
    for (const text of [
      'redis://me@h:1/2',
      '/run/r.sock',
      'unix:///run/r.sock',
      'redis+cluster://a:1,b:2',
      'rediss://h?ca=/c',
    ]) {
      assert.deepEqual(parseEndpoint(withPassword(text, 'p@s:s/')), { ...parseEndpoint(text), password: 'p@s:s/' });
    }
    assert.equal(withPassword('nonsense', 'x'), 'nonsense');
  });
  it('never shows the password in the label or in an error', () => {
    for (const text of ['rediss://me:hush@h:1/2', 'unix://:hush@/run/r.sock', 'redis+cluster://me:hush@a,b'])
      assert.doesNotMatch(parseEndpoint(text).label, /hush/);
    for (const bad of [
      'http://me:hush@h',
      'redis://me:hush@h/notadb',
      'redis://me:hush@:x y',
      'unix://:hush%zz@/x',
      'nonsense hush',
      '',
      'redis://me:hush@h?db=1',
      'redis://:hush@h?ca=/c',
      'rediss://:hush@h?ca=c',
      'redis+cluster://:hush@h,h2/1',
      'redis+cluster://:hush@a,b:c',
    ]) {
      assert.throws(
        () => parseEndpoint(bad),
        (e) => isTacoError(e, 'redis-unreachable') && !/hush/.test(e.message + String(e.cause)),
      );
    }
  });
});
