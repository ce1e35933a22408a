/** Budget stages of a team's cost. Pure. */

/** Share of the budget at which TACO warns the user. */
const WARN_AT = 0.8;

export type BudgetStage = 'within' | 'near' | 'spent';

/**
 * Returns the stage that the cost has reached.
 * @param budget US dollars; 0: no budget
 */
export function budgetStage(cost: number, budget: number): BudgetStage {
  if (budget <= 0) return 'within';
  if (cost >= budget) return 'spent';
  return cost >= budget * WARN_AT ? 'near' : 'within';
}

/** Parses the user's budget in US dollars (`5`, `$7.50`, `off`); null when it is invalid. */
export function parseBudget(text: string): number | null {
  if (/^\s*(?:off|none|0)\s*$/i.test(text)) return 0;
  const match = /^\s*\$?\s*(\d{1,6}(?:\.\d{1,4})?)\s*$/.exec(text);
  return match ? Number(match[1]) : null;
}
