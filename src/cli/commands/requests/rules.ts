import { oneLine } from '../../../core/base/truncate';
import { errors } from '../../../core/errors/errors';
import { previewRules, type PreviewedRequest } from '../../../core/rules/previewRules';
import type { Rule } from '../../../core/rules/rules';
import { Keys } from '../../../redis/client/keys';
import { readDecisions } from '../../../redis/state/decisionLog';
import { RuleStore } from '../../../team/rules/ruleStore';
import { columnsOf, cut } from '../../output/terminalText';
import { requireUser, type CommandContext } from '../../runtime/commandContext';
import type { CommandResult } from '../../runtime/io';
import { connectRedis } from '../../runtime/lightRedis';

/** Earlier requests on which a rule is tried. */
const PREVIEWED = 200;
const HOUR_MS = 3_600_000;

function storeOf(context: CommandContext): RuleStore {
  const { paths, id } = context.project();
  return new RuleStore(paths.rulesFile(id));
}

/** `taco rules list`. */
export async function rulesList(context: CommandContext): Promise<CommandResult> {
  const rules = await storeOf(context).read();
  const rows = rules.map(({ id, effect, tool, pattern, agents, until }) => [
    id,
    effect,
    oneLine(tool, 40),
    cut(oneLine(pattern), 60),
    agents.length === 0 ? 'all' : oneLine(agents.join(',')),
    until === 0 ? '' : until > Date.now() ? new Date(until).toISOString() : 'over',
  ]);
  return {
    json: { rules },
    text:
      rules.length === 0
        ? 'No rules.'
        : columnsOf([['ID', 'EFFECT', 'TOOL', 'PATTERN', 'AGENTS', 'UNTIL'], ...rows]).join('\n'),
  };
}

/** `taco rules add TOOL PATTERN...`. Only the user grants. Throws TacoError type-refused, usage. */
export async function rulesAdd(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'a permission rule');
  const added = await storeOf(context).add(ruleOf(context));
  const preview = await previewOf(context, [added]);
  return { json: { added, preview: preview.json }, text: `Added rule ${added.id}.\n${preview.text}` };
}

/** `taco rules test TOOL PATTERN...`: what the rule would have answered, without adding it. */
export async function rulesTest(context: CommandContext): Promise<CommandResult> {
  return previewOf(context, [{ id: 'new', ...ruleOf(context) }]);
}

/** `taco rules remove ID`. Throws TacoError type-refused, usage. */
export async function rulesRemove(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'the removal of a rule');
  const id = context.invocation.argument(0);
  if (!(await storeOf(context).remove(id)))
    throw errors.usage(`No rule ${id}.`, 'To list them, run `taco rules list`.');
  return { json: { removed: id }, text: `Removed rule ${id}.` };
}

function ruleOf({ invocation }: CommandContext): Omit<Rule, 'id'> {
  const hours = invocation.number('hours') ?? 0;
  const pattern = invocation.rest(1).trim();
  if (pattern === '')
    throw errors.usage('The pattern is empty.', 'Give the words of a command or a path; * stands for any.');
  return {
    effect: invocation.flag('deny') ? 'deny' : 'allow',
    tool: invocation.argument(0),
    pattern,
    agents: (invocation.text('agents') ?? '').split(',').filter(Boolean),
    until: hours === 0 ? 0 : Date.now() + hours * HOUR_MS,
  };
}

async function previewOf(context: CommandContext, rules: readonly Rule[]): Promise<CommandResult> {
  const place = context.project();
  const redis = await connectRedis(context, place);
  const past = await readDecisions(redis, new Keys(place.id), PREVIEWED);
  const seen = previewRules(rules, past, Date.now());
  const answered = seen.filter(({ would }) => would.kind !== 'ask');
  const floored = seen.filter(
    ({ would, tool }) => would.kind === 'ask' && would.floor !== '' && tool === rules[0]?.tool,
  );
  return {
    json: { requests: seen.length, answered },
    text: [
      `Of the last ${seen.length} requests it would have answered ${answered.length}.`,
      ...answered.slice(0, 20).map(lineOf),
      ...(floored.length > 0 ? [`No rule may answer ${floored.length} of them (docs/rules.md).`] : []),
    ].join('\n'),
  };
}

function lineOf({ agent, tool, input, verdict, would }: PreviewedRequest): string {
  return `  ${would.kind}  ${oneLine(agent)}: ${oneLine(tool)} ${cut(oneLine(input), 80)}${would.kind === verdict ? '' : `  (it was: ${verdict})`}`;
}
