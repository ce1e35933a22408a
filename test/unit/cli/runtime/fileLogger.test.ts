import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileLogger } from '../../../../src/cli/runtime/fileLogger';
import { errors } from '../../../../src/core/base/errors';

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
});
