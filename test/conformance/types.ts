/** What the conformance suite knows of a run: cases on one side, what became of each on the other. */

/** `ours`: TACO's own delivery; `bare`: the seed document's three steps, run as written there. */
export type SenderKind = 'ours' | 'bare';

/** What became of one message, judged by what the model stand-in was given. */
export type Outcome = 'exact' | 'altered' | 'merged' | 'doubled' | 'lost';

/** The worst first. */
export const OUTCOMES: readonly Outcome[] = ['doubled', 'merged', 'lost', 'altered', 'exact'];

export interface MessageResult {
  readonly text: string;
  readonly outcome: Outcome;
  /** To the letter, and not only by the written rule. */
  readonly literal: boolean;
  /** What the sender said of it in the end: a state of ours, or how the three steps exited. */
  readonly claimed: string;
  /** It said that the model has the text, and the model does not have it exactly once. */
  readonly falseReport: boolean;
  /** From the call to the agent's own UserPromptSubmit hook, milliseconds; null when that never came. */
  readonly ms: number | null;
  /** What the model got instead, when it was something else. */
  readonly got: string | null;
}

export interface CaseResult {
  readonly name: string;
  readonly group: string;
  readonly cli: string;
  readonly version: string;
  readonly sender: SenderKind;
  /** Of its messages the worst. */
  readonly outcome: Outcome;
  readonly messages: readonly MessageResult[];
  /** Dialogs that were open and were answered by what the sender typed. */
  readonly dialogsAnswered: number;
  /** What else was not as promised: a hold without its reason, a draft that was touched, a command that a shell ran. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** True when everything in it is as promised. */
export function isGood(result: CaseResult): boolean {
  return (
    result.outcome === 'exact' &&
    result.dialogsAnswered === 0 &&
    result.problems.length === 0 &&
    !result.messages.some((message) => message.falseReport)
  );
}
