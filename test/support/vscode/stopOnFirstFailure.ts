import type { Suite } from 'mocha';

/**
 * Skips the rest of a story after a failed step, because each step builds on the one before. Mocha's own `bail` would
 * also leave out every later story, without a report.
 */
export function stepByStep(story: Suite): void {
  let broken = false;
  story.beforeEach(function () {
    if (broken) this.skip();
  });
  story.afterEach(function () {
    broken ||= this.currentTest?.state === 'failed';
  });
}
