import { claudeUnderTest } from './claude';
import type { CliUnderTest } from './cli';
import { codexUnderTest } from './codex';
import { copilotUnderTest } from './copilot';

/** In the order of the report. */
export const ALL_CLIS: readonly CliUnderTest[] = [claudeUnderTest, codexUnderTest, copilotUnderTest];
