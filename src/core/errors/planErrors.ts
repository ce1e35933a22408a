import { localizable } from '../base/localizedText';
import { TacoError } from './tacoError';

/** Failures of plans. */
export const planErrors = {
  planInvalid: (problems: readonly { readonly message: string }[]) =>
    new TacoError(
      'plan-invalid',
      localizable`The plan has ${problems.length} problem(s): ${problems.map(({ message }) => message).join(' ')}`,
      localizable`Fix the problems, then submit the plan again.`,
      { details: problems },
    ),
  planMissing: () =>
    new TacoError(
      'plan-missing',
      localizable`No plan is under review.`,
      localizable`Start a session with a goal, or submit one: \`taco plan submit FILE\`.`,
    ),
  approvalUnproven: () =>
    new TacoError(
      'approval-unproven',
      localizable`Cannot carry out the approval: it was not given on the leader's machine.`,
      localizable`Approve the plan there: \`taco plan approve\`, or *Review Plan* in VS Code.`,
    ),
  planNotDelivered: (attempts: number) =>
    new TacoError(
      'plan-not-delivered',
      localizable`Mother printed no valid plan in ${attempts} attempts.`,
      localizable`Check Mother's window, then send Mother a note or edit the plan yourself.`,
    ),
} as const;
