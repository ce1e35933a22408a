import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileLogger } from '../../../../src/cli/runtime/fileLogger';
import { errors } from '../../../../src/core/errors/errors';
import { collapseRepeats, REPEATS_MS } from '../../../../src/core/team/collapseRepeats';

describe('the log of the taco command', () => {
  it('writes one JSON object per line, with time, level, event and fields, and without secrets', () => {
    const dir = mkdtempSync(join(tmpdir(), 'taco-log-'));
    try {
      const log = fileLogger(dir, 'a.log', 'debug');
      log.info('agent.created', {
        agent: 'one',
        window: 2,
        env: { TACO_SECRET: 'hush', deep: ['redis://me:hush@h:1'] },
      });
      log.error('request.failed', { error: errors.redisUnreachable('redis://h:1/0', new Error('x')) });
      log.trace('message', { text: 'words' });
      log.dispose();
      const text = readFileSync(join(dir, 'a.log'), 'utf8');
      const lines = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.deepEqual(
        lines.map(({ level, event }) => [level, event]),
        [
          ['info', 'agent.created'],
          ['error', 'request.failed'],
        ],
      );
      assert.deepEqual([lines[0]?.['agent'], lines[0]?.['window']], ['one', 2]);
      assert.equal((lines[1]?.['error'] as { code: string }).code, 'redis-unreachable');
      assert.doesNotMatch(text, /hush|words/);
      assert.equal(statSync(join(dir, 'a.log')).mode & 0o777, 0o600);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('never takes more than twice its limit, however long it is written, and keeps the newest lines', () => {
    const dir = mkdtempSync(join(tmpdir(), 'taco-log-'));
    const sizeOf = (name: string): number => statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0;
    try {
      const logs = [fileLogger(dir, 'a.log', 'debug', 20_000), fileLogger(dir, 'a.log', 'debug', 20_000)];
      for (let n = 0; n < 2000; n++) logs[n % 2]?.info('message.ended', { n, text: 'x'.repeat(100) });
      for (const log of logs) log.dispose();
      // Two processes write it: each may add some lines before it sees that the other has set the file aside.
      assert.ok(sizeOf('a.log') + sizeOf('a.log.old') < 2 * 20_000 + 2 * 16_384 + 1000);
      const lines = ['a.log.old', 'a.log'].flatMap((name) => readFileSync(join(dir, name), 'utf8').trim().split('\n'));
      const numbers = lines.map((line) => (JSON.parse(line) as { n: number }).n);
      assert.ok(numbers.includes(1999) && numbers.length > 100);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('writes a warning that repeats once a minute, with how often it was left out', () => {
    const said: [string, Record<string, unknown>][] = [];
    const say = (event: string, fields?: Record<string, unknown>): void => void said.push([event, fields ?? {}]);
    let now = 1000;
    const log = collapseRepeats({ trace: say, debug: say, info: say, warn: say, error: say }, () => now);
    for (let n = 0; n < 100; n++) {
      log.warn('lane.paused', { id: 'cmd_1', error: new Error('READONLY') });
      log.info('message.ended', { id: 'cmd_2' });
      now += 100;
    }
    log.warn('lane.paused', { id: 'cmd_3', error: new Error('READONLY') });
    now += REPEATS_MS;
    log.warn('lane.paused', { id: 'cmd_1', error: new Error('READONLY') });
    const warned = said.filter(([event]) => event === 'lane.paused');
    assert.deepEqual(
      warned.map(([, fields]) => [fields['id'], fields['repeated']]),
      [
        ['cmd_1', undefined],
        ['cmd_3', undefined],
        ['cmd_1', 99],
      ],
    );
    assert.equal(said.length - warned.length, 100, 'what is no warning is written each time');
  });
});
