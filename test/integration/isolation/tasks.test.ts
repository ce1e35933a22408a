import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { isSameText } from '../../../src/core/base/sanitizeText';
import { openingTask } from '../../../src/core/plan/prompts';
import { CANARY, hostileTexts } from '../../support/hostileNames';
import { agent } from '../../support/planBuilders';
import { ProofTeam } from '../../support/proofTeam';

/** Agents of one team. */
const AGENTS = 8;
/** The begin of an opening task, behind its sender. */
const MARK = 'Your task: ';
/** The review refuses an empty text. */
const isVisible = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

describe('tasks and roles that are programs to tmux or a shell', function () {
  this.timeout(600_000);

  it('arrive as they are written, and run nothing', async () => {
    const work = fc.record({ role: hostileTexts().filter(isVisible), task: hostileTexts().filter(isVisible) });
    await fc.assert(
      fc.asyncProperty(fc.array(work, { minLength: AGENTS, maxLength: AGENTS }), async (works) => {
        const bed = new ProofTeam();
        try {
          const bin = join(bed.bed.dir, 'bin');
          const [canary, received] = [join(bed.bed.dir, 'canary'), join(bed.bed.dir, 'received')];
          mkdirSync(bin);
          writeFileSync(join(bin, CANARY), `#!/bin/sh\n: > '${canary}'\n`);
          chmodSync(join(bin, CANARY), 0o700);
          bed.bed.env['PATH'] = `${bin}${delimiter}${bed.bed.env['PATH'] ?? ''}`;
          const specs = works.map((each, index) => agent(index + 2, `a${index}`, each));
          await bed.begin(specs, { worktrees: false, agentEnv: { TACO_SCRIPTED_RECEIVED: received } });
          const tasksOf = (): ReadonlyMap<string, string> => {
            const lines = existsSync(received) ? readFileSync(received, 'utf8').trimEnd().split('\n') : [];
            return new Map(
              lines
                .map((line) => JSON.parse(line) as { readonly agent: string; readonly prompt: string })
                .filter(({ prompt }) => prompt.includes(MARK))
                .map(({ agent: name, prompt }) => [name, prompt.slice(prompt.indexOf(MARK))]),
            );
          };
          await bed.until('every task', () => tasksOf().size === AGENTS);
          for (const [name, prompt] of tasksOf()) {
            const expected = openingTask(specs.find((spec) => spec.name === name)!);
            assert.ok(isSameText(expected, prompt), JSON.stringify({ expected, prompt }));
          }
          assert.ok(!existsSync(canary), 'a command that stands in a task was run');
        } finally {
          await bed.dispose();
        }
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });
});
