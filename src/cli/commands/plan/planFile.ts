/** Plans in files; neither a session nor Redis is necessary. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errors } from '../../../core/errors/errors';
import { errorMessage, TacoError } from '../../../core/errors/tacoError';
import { parsePlan, type ParsedPlan } from '../../../core/plan/parser';
import { planJsonSchema, planJsonSchemaText } from '../../../core/plan/planJsonSchema';
import { planTable, problemLines } from '../../output/tables';
import type { CommandContext } from '../../runtime/commandContext';
import { readAll, type CommandResult } from '../../runtime/io';

/** Larger than any plan and any pane's history, bytes. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Returns the text of a file, or of standard input for `-`. Throws TacoError usage. */
export async function textOfFile(context: CommandContext, file: string): Promise<string> {
  if (file === '-') {
    const input = await readAll(context.io.stdin, MAX_FILE_BYTES);
    if (input === null) throw errors.usage('Standard input has more than 16 MB.', 'Give the part that holds the plan.');
    return input.toString('utf8');
  }
  try {
    return await readFile(resolve(context.io.cwd, file), 'utf8');
  } catch (error) {
    throw errors.usage(
      `${file} cannot be read: ${errorMessage(error)}`,
      'Give an existing file, or - for standard input.',
    );
  }
}

export function planInvalid(parsed: ParsedPlan): TacoError {
  const count = parsed.problems.length;
  return new TacoError(
    'plan-invalid',
    `The plan has ${count} problem${count === 1 ? '' : 's'}:\n${problemLines(parsed.problems).join('\n')}`,
    parsed.proposal
      ? 'A corrected plan is proposed: `taco plan validate FILE --json` shows it as "proposal".'
      : 'See the format in docs/plan-format.md.',
    { details: { problems: parsed.problems } },
  );
}

export async function planValidate(context: CommandContext): Promise<CommandResult> {
  const { invocation } = context;
  const maxAgents = invocation.number('max-agents');
  const parsed = parsePlan(await textOfFile(context, invocation.argument(0)), {
    maxAgents,
    isScreen: invocation.flag('screen'),
  });
  const { repaired, form, problems, proposal } = parsed;
  const facts = { valid: parsed.plan !== null, form, repaired, problems, plan: parsed.plan, proposal };
  if (parsed.plan === null) {
    const error = planInvalid(parsed);
    return {
      json: { ...facts, error: { code: error.code, message: error.message, hint: error.hint } },
      text: `${error.message}\n${error.hint}`,
      exitCode: 1,
    };
  }
  const count = parsed.plan.agents.length;
  const text = [
    `The plan is valid: ${count} agent${count === 1 ? '' : 's'}${repaired ? ' (its JSON had to be repaired)' : ''}.`,
    '',
    ...planTable(parsed.plan),
  ];
  return { json: facts, text: text.join('\n') };
}

/** Prints the JSON Schema of a plan as the user or Mother writes it. */
export async function planSchema(context: CommandContext): Promise<CommandResult> {
  const schema = planJsonSchema();
  const file = context.invocation.argument(0);
  const text = planJsonSchemaText();
  if (file === '') return { json: schema, text: text.trimEnd() };
  await writeFile(resolve(context.io.cwd, file), text);
  return { json: { file }, text: `Wrote ${file}.` };
}
