import type { Suite } from 'mocha';

/**
 * Each step of a story builds on the one before: after one that failed the rest of it is skipped. Mocha's own `bail` would leave out every
 * story that comes later, and say nothing of it.
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
