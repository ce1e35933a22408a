/** When a team's cost becomes the person's concern. Pure. */

/** A part of the budget at which the person is warned. */
const WARN_AT = 0.8;

export type BudgetStage = 'within' | 'near' | 'spent';

/** @param budget US dollars; 0: there is none */
export function budgetStage(cost: number, budget: number): BudgetStage {
  if (budget <= 0) return 'within';
  if (cost >= budget) return 'spent';
  return cost >= budget * WARN_AT ? 'near' : 'within';
}

/** US dollars of what a person wrote (`5`, `$7.50`, `off`); null when it is none. */
export function parseBudget(text: string): number | null {
  if (/^\s*(?:off|none|0)\s*$/i.test(text)) return 0;
  const match = /^\s*\$?\s*(\d{1,6}(?:\.\d{1,4})?)\s*$/.exec(text);
  return match ? Number(match[1]) : null;
}
