import { claudeUnderTest } from './claude';
import type { CliUnderTest } from './cli';
import { codexUnderTest } from './codex';
import { copilotUnderTest } from './copilot';
import { geminiUnderTest } from './gemini';
import { kiloUnderTest } from './kilo';
import { openCodeUnderTest } from './openCode';
import { qwenUnderTest } from './qwen';

/** In the order of the report. */
export const ALL_CLIS: readonly CliUnderTest[] = [
  claudeUnderTest,
  codexUnderTest,
  copilotUnderTest,
  geminiUnderTest,
  kiloUnderTest,
  openCodeUnderTest,
  qwenUnderTest,
];
