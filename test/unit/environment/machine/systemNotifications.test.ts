import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notificationCommand, SystemNotifier } from '../../../../src/environment/machine/systemNotifications';

const HOSTILE = `-x" & display dialog "owned\n$(touch x) <b>bold</b> a\\nb \u001b]0;t\u0007`;

describe('notifications of the operating system', () => {
  let dir = '';
  before(async () => (dir = await mkdtemp(join(tmpdir(), 'taco-notify-'))));
  after(() => rm(dir, { recursive: true, force: true }));

  /** Puts a program in place of the real one: it writes each argument and a zero byte to a file. */
  async function standIn(name: string, exitCode = 0): Promise<Record<string, string>> {
    const file = join(dir, name);
    const script = `#!/bin/sh\nprintf '%s\\0' "$@" >"$TACO_TEST_OUT"\nexit ${exitCode}\n`;
    await writeFile(file, script);
    await chmod(file, 0o755);
    return { PATH: dir, TACO_TEST_OUT: join(dir, `${name}.args`) };
  }
  const argumentsOf = async (env: Record<string, string>): Promise<readonly string[]> =>
    (await readFile(env['TACO_TEST_OUT'] ?? '', 'utf8')).split('\0').slice(0, -1);

  it('pass the text to notify-send as data, without markup and escapes', async () => {
    const env = await standIn('notify-send');
    const notifier = new SystemNotifier(env, 'linux');
    assert.equal(await notifier.isAvailable(), true);
    assert.equal(await notifier.show('app', HOSTILE), true);
    assert.deepEqual(await argumentsOf(env), [
      '--app-name=TACO',
      '--',
      'TACO: app',
      '-x" &amp; display dialog "owned ⏎ $(touch x) &lt;b&gt;bold&lt;/b&gt; a\\\\nb',
    ]);
  });

  it('pass the text to osascript as arguments of a fixed script', async () => {
    const env = await standIn('osascript');
    assert.equal(await new SystemNotifier(env, 'darwin').show('app', HOSTILE), true);
    assert.deepEqual(await argumentsOf(env), [
      '-e',
      'on run argv',
      '-e',
      'display notification (item 2 of argv) with title (item 1 of argv)',
      '-e',
      'end run',
      'TACO: app',
      '-x" & display dialog "owned ⏎ $(touch x) <b>bold</b> a\\nb',
    ]);
  });

  it('are silent without the program, on another system, and when the program fails', async () => {
    const missing = new SystemNotifier({ PATH: '/nonexistent' }, 'linux');
    assert.deepEqual([await missing.isAvailable(), await missing.show('app', 'text')], [false, false]);
    const windows = new SystemNotifier({ PATH: dir }, 'win32');
    assert.deepEqual([await windows.isAvailable(), await windows.show('app', 'text')], [false, false]);
    const failing = new SystemNotifier(await standIn('notify-send', 1), 'linux');
    assert.deepEqual([await failing.isAvailable(), await failing.show('app', 'text')], [true, false]);
  });

  it('are short', () => {
    const args = notificationCommand('linux', 'x'.repeat(5000), 'y'.repeat(5000))?.args ?? [];
    assert.ok(args.join('').length < 500, String(args.join('').length));
  });
});
