/** The markers around a plan, as TACO's prompts request them from Mother. They are read in any case. */
export const PLAN_START = 'AGENT_SPEC_JSON_START';
export const PLAN_END = 'AGENT_SPEC_JSON_END';
