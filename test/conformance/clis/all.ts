import { claudeUnderTest } from './claude';
import type { CliUnderTest } from './cli';
import { codexUnderTest } from './codex';

/** In the order of the report. */
export const ALL_CLIS: readonly CliUnderTest[] = [claudeUnderTest, codexUnderTest];
