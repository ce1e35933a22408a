/** Types of a conformance run: its cases, and the result of each. */

/** `ours`: TACO's own delivery; `bare`: the plain three steps without TACO. */
export type SenderKind = 'ours' | 'bare';

/** The outcome of one message, judged by what the mock model got. */
export type Outcome = 'exact' | 'altered' | 'merged' | 'duplicated' | 'lost';

/** The outcomes, worst first. */
export const OUTCOMES: readonly Outcome[] = ['duplicated', 'merged', 'lost', 'altered', 'exact'];

export interface MessageResult {
  readonly text: string;
  readonly outcome: Outcome;
  /** Equal character by character, not only by the text-equality rule. */
  readonly literal: boolean;
  /** The sender's last report of it: a state of TACO, or the exit codes of the three steps. */
  readonly claimed: string;
  /** The sender reported that the model has the text, but the model does not have it exactly once. */
  readonly falseReport: boolean;
  /** From the call to the agent's own UserPromptSubmit hook, milliseconds; null when that hook never ran. */
  readonly ms: number | null;
  /** The different text that the model got instead, if any. */
  readonly got: string | null;
}

export interface CaseResult {
  readonly name: string;
  readonly group: string;
  readonly cli: string;
  readonly version: string;
  readonly sender: SenderKind;
  /** The worst outcome of its messages. */
  readonly outcome: Outcome;
  readonly messages: readonly MessageResult[];
  /** Open dialogs that the sender's keys answered. */
  readonly dialogsAnswered: number;
  /** Other broken promises: a hold without its reason, a changed draft, a command that a shell ran. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** Returns true when the result keeps every promise. */
export function isGood(result: CaseResult): boolean {
  return (
    result.outcome === 'exact' &&
    result.dialogsAnswered === 0 &&
    result.problems.length === 0 &&
    !result.messages.some((message) => message.falseReport)
  );
}
