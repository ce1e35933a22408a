/** Hook report of an agent CLI, in the same form for all CLIs. */
export interface HookData {
  readonly sessionId?: string;
  /** UserPromptSubmit: the exact text that the model gets. */
  readonly prompt?: string;
  /** Stop: the exact text of the last reply. */
  readonly lastMessage?: string;
  readonly toolName?: string;
  readonly toolInput?: string;
  /** Id of the command whose text the prompt was, if the prompt check recognised it. */
  readonly commandId?: string;
  /** Id of the command that the prompt check kept from the model because its text was damaged. */
  readonly blockedId?: string;
  /** File in which the CLI stores this conversation. */
  readonly transcript?: string;
  /** StopFailure: the CLI's code of the error. `lastMessage` has the text that it shows. */
  readonly error?: string;
  /** StopFailure: the answer of the provider, if the CLI passes it on. */
  readonly errorDetails?: string;
  /** Stop: what goes on after the turn, one line for each shell or subagent. */
  readonly background?: string;
  /** Notification: its kind (`permission_prompt`, `idle_prompt`, …). */
  readonly notification?: string;
  /** The permission mode in which the agent runs now. */
  readonly permissionMode?: string;
  /** SessionStart: why the conversation begins (`startup`, `clear`, `resume`, `fork`, `compact`); SessionEnd: why it ends. */
  readonly source?: string;
  /** Ids of the processes above the hook, its parent first, separated by spaces; absent where the machine shows none. */
  readonly parents?: string;
}

/** A report of an agent's hook. */
export interface HookReport {
  /** Identifies this hook call, so that a report published twice counts once. */
  readonly id: string;
  readonly event: string;
  readonly data: HookData;
  /** The agent CLI's profile, whose text equality applies to the prompt. */
  readonly profile: string;
  /** Time of the report, milliseconds. */
  readonly at: number;
}
