/** One setting of the table in `settingsTable.ts`, as package.json describes it. */
export interface SettingContribution {
  readonly type: 'string' | 'number' | 'boolean' | 'array' | 'object';
  readonly default: string | number | boolean | readonly never[] | Readonly<Record<string, never>>;
  /** JSON schema of a list's entries. */
  readonly items?: object;
  /** JSON schema of an object's members. */
  readonly additionalProperties?: object;
  readonly scope: 'machine' | 'machine-overridable' | 'resource' | 'window';
  readonly description: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly patternErrorMessage?: string;
  /** True: VS Code ignores a value from the workspace until the user trusts it. */
  readonly restricted: boolean;
}
