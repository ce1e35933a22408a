/** The extension's contributions to other parts of VS Code: part of the typed table in contributions.ts. */

export interface LanguageModelToolContribution {
  readonly title: string;
  /** Description for models. */
  readonly modelDescription: string;
  /** Description for users. */
  readonly description: string;
  /** The `#reference` in a chat. */
  readonly reference: string;
  readonly icon: string;
  readonly inputSchema: object;
}

/** All of these tools only read; only the user changes something, by commands. */
export const languageModelTools = {
  taco_agents: {
    title: 'Agents of the TACO team',
    modelDescription:
      'Who is in the team of coding agents that TACO runs on this workspace: name, role, state, what each does now, its folder, how many messages wait for it. Only reads.',
    description: 'Members of the team and the activity of each agent',
    reference: 'tacoAgents',
    icon: 'organization',
    inputSchema: { type: 'object', properties: {} },
  },
  taco_messages: {
    title: 'Messages of the TACO team',
    modelDescription:
      'Messages between the agents, Mother and the user, newest first, each with its state and hold reason. Only reads; sends nothing.',
    description: 'Messages between agents and their states',
    reference: 'tacoMessages',
    icon: 'mail',
    inputSchema: {
      type: 'object',
      properties: {
        agent: { type: 'string', description: 'only messages to or from this agent, by its name' },
        limit: { type: 'integer', minimum: 1, maximum: 100, description: 'how many at most; 20 when absent' },
      },
    },
  },
  taco_session: {
    title: 'The TACO session',
    modelDescription:
      'The goal of the team that TACO runs on this workspace, its phase, queue counters, services with ports and health, and the plan. Only reads.',
    description: 'Goal, phase, plan, services and counters of the team',
    reference: 'tacoSession',
    icon: 'dashboard',
    inputSchema: { type: 'object', properties: {} },
  },
} as const satisfies Record<string, LanguageModelToolContribution>;
export type LanguageModelToolName = keyof typeof languageModelTools;

/** VS Code before 1.101 does not know this contribution point and ignores it. */
export const mcpProvider = { id: 'taco.team', label: 'TACO team' } as const;

export const terminalProfile = { id: 'taco.agentTerminal', title: 'TACO Agent', icon: 'organization' } as const;
