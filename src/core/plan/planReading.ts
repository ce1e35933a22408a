import type { Draft } from './planDraft';

/** A range of the text, in UTF-16 code units. */
export interface TextRange {
  readonly offset: number;
  readonly length: number;
}

export interface PlanReading extends Draft {
  /** For each problem, the range where it is shown. */
  readonly ranges: readonly TextRange[];
  /** False while the text is not JSON: then it can only be edited as text. */
  readonly isJson: boolean;
}

export interface PlanCompletion {
  readonly values: readonly string[];
  /** The range that the chosen value replaces, quotes included. */
  readonly replaced: TextRange;
}
