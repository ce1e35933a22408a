import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../../core/programs/writeFileAtomic';
import { parseRules, type Rule } from '../../core/rules/rules';

/** The rules of one project, in its folder below TACO_HOME: never in the repository. */
export class RuleStore {
  /** @param file `TacoPaths.rulesFile` */
  constructor(private readonly file: string) {}

  /** A missing or damaged file holds no rules, so that the user is asked. */
  async read(): Promise<readonly Rule[]> {
    return parseRules(await readFile(this.file, 'utf8').catch(() => ''));
  }

  /** Adds the rule under a new id and returns it. */
  async add(rule: Omit<Rule, 'id'>): Promise<Rule> {
    const rules = await this.read();
    const last = Math.max(0, ...rules.map(({ id }) => Number(/^r(\d+)$/.exec(id)?.[1] ?? 0)));
    const added = { id: `r${last + 1}`, ...rule };
    await this.write([...rules, added]);
    return added;
  }

  /** Returns false when there is no such rule. */
  async remove(id: string): Promise<boolean> {
    const rules = await this.read();
    const left = rules.filter((rule) => rule.id !== id);
    if (left.length < rules.length) await this.write(left);
    return left.length < rules.length;
  }

  private async write(rules: readonly Rule[]): Promise<void> {
    await writeFileAtomic(this.file, `${JSON.stringify(rules, null, 2)}\n`);
  }
}
