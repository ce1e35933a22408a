import { localizable } from '../base/localizedText';
import { TacoError } from '../errors/tacoError';

/** Refusals of requests that are invalid in the present phase of a team: one factory per reason. */
export const refusals = {
  sessionStarting: () =>
    new TacoError(
      'session-starting',
      localizable`The session is being started.`,
      localizable`Try again once it has started: \`taco status\`.`,
    ),
  sessionStopping: () =>
    new TacoError(
      'session-stopping',
      localizable`The session is being stopped.`,
      localizable`Start another once it has ended: \`taco status\`.`,
    ),
  teamLaunching: () =>
    new TacoError(
      'team-launching',
      localizable`The approved plan is being launched.`,
      localizable`Try again once the team runs: \`taco status\`.`,
    ),
  planNotReady: () =>
    new TacoError(
      'plan-missing',
      localizable`No plan waits for review: Mother still works on it.`,
      localizable`Send her a message (\`taco send mother "…"\`), or submit a plan: \`taco plan submit FILE\`.`,
    ),
  planDecided: () =>
    new TacoError(
      'plan-missing',
      localizable`No plan waits for review: the team works on the one that was approved.`,
      localizable`Ask Mother for a change (\`taco send mother "…"\`), or submit a changed plan: \`taco plan submit FILE\`.`,
    ),
  planHasProblems: () =>
    new TacoError(
      'plan-missing',
      localizable`No plan can be approved: the one under review has problems.`,
      localizable`See them (\`taco plan show\`), then approve a corrected one (\`taco plan approve FILE\`) or send it back (\`taco plan reject "NOTE"\`).`,
    ),
  planReplaced: () =>
    new TacoError(
      'plan-replaced',
      localizable`Another plan is under review now than the one that was approved.`,
      localizable`Check it (\`taco plan show\`), then approve that one or send it back.`,
    ),
} as const;
