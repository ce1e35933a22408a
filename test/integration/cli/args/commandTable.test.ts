import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandSpec } from '../../../../src/cli/args/commandSpec';
import { commands } from '../../../../src/cli/args/commandTable';
import { taco, tacoInside, type Ran } from '../../../support/tacoCommand';

interface ErrorJson {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

/** These commands never fail: no error may stop an agent's work. */
const SILENT = ['hook'];
/** These commands need no project, create one, or wait for input. */
const ANYWHERE = [
  'completion',
  'doctor',
  'plan schema',
  'projects',
  'plan validate',
  'worktree list',
  'worktree diff',
  'worktree merge',
  'worktree remove',
  'up',
  'host',
  'mcp',
  'hook',
];

/** Returns a line with all mandatory arguments of the command. */
function lineOf(spec: CommandSpec): string[] {
  return [
    ...spec.name.split(' '),
    ...spec.arguments
      .filter(({ optional }) => !optional)
      .map(({ name, choices }) => choices?.[0] ?? (name === 'PORT' ? '80' : 'x')),
  ];
}

describe('every taco command', function () {
  this.timeout(60_000);
  let dir = '';
  before(() => (dir = mkdtempSync(join(tmpdir(), 'taco-every-'))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  const place = () => ({ cwd: dir, env: { TACO_HOME: join(dir, 'home'), TMUX_TMPDIR: dir } });
  const run = (...args: string[]): Promise<Ran> => tacoInside(args, place());
  const each = async (specs: readonly CommandSpec[], check: (spec: CommandSpec) => Promise<void>): Promise<void> => {
    for (const spec of specs) await check(spec);
  };

  it('prints its help with exit code 0, as text or as one JSON document', () =>
    each(
      commands.filter(({ name }) => !SILENT.includes(name)),
      async ({ name }) => {
        const text = await run(...name.split(' '), '--help');
        assert.deepEqual([text.code, text.stderr], [0, ''], name);
        assert.ok(text.stdout.includes(`taco ${name}`), name);
        const json = await run(...name.split(' '), '--help', '--json');
        assert.deepEqual([json.code, Object.keys(json.json())], [0, ['help']], name);
      },
    ));

  it('refuses an unknown option with exit code 2, as two lines or as one JSON document', () =>
    each(
      commands.filter(({ name }) => !SILENT.includes(name)),
      async (spec) => {
        const text = await run(...lineOf(spec), '--frobnicate');
        assert.deepEqual([text.code, text.stdout, text.stderr.trimEnd().split('\n').length], [2, '', 2], spec.name);
        const json = await run(...lineOf(spec), '--frobnicate', '--json');
        const { error } = json.json<ErrorJson>();
        assert.deepEqual(
          [json.code, json.stderr, error.code, typeof error.message, typeof error.hint],
          [2, '', 'usage', 'string', 'string'],
          spec.name,
        );
      },
    ));

  it('refuses to run without its mandatory arguments', () =>
    each(
      commands.filter((spec) => !SILENT.includes(spec.name) && spec.arguments.some(({ optional }) => !optional)),
      async ({ name }) => {
        const ran = await run(...name.split(' '), '--json');
        assert.deepEqual([ran.code, ran.json<ErrorJson>().error.code], [2, 'usage'], name);
      },
    ));

  it('exits with 3 without a project, and reports that in one JSON document', () =>
    each(
      commands.filter(({ name }) => !ANYWHERE.includes(name)),
      async (spec) => {
        const ran = await taco([...lineOf(spec), '--json'], place());
        assert.deepEqual([ran.code, ran.stderr, ran.json<ErrorJson>().error.code], [3, '', 'no-project'], spec.name);
      },
    ));
});
