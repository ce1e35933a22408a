import { localizable } from '../base/localizedText';
import { agentErrors } from './agentErrors';
import { messageErrors } from './messageErrors';
import { planErrors } from './planErrors';
import { sessionErrors } from './sessionErrors';
import { TacoError } from './tacoError';
import { toolErrors } from './toolErrors';

/** One factory per failure, so that each sentence exists once. */
export const errors = {
  ...toolErrors,
  ...sessionErrors,
  ...agentErrors,
  ...messageErrors,
  ...planErrors,
  cancelled: (what: string) =>
    new TacoError('cancelled', localizable`${what} was cancelled.`, localizable`No process was left running.`),
  timeout: (what: string, seconds: number) =>
    new TacoError(
      'timeout',
      localizable`${what} did not happen within ${seconds} s.`,
      localizable`Run \`taco messages\` to see why messages wait.`,
    ),
  usage: (message: string, hint: string) => new TacoError('usage', message, hint),
} as const;
