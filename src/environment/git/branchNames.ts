/** Names of the branches that TACO makes. Pure. */

const PREFIX = 'taco';

/**
 * Returns the first of `taco`, `taco-agents`, `taco-agents-2` … below which `SESSION/NAME` can be made: git cannot
 * have both the branch `taco` and a branch `taco/x`. Upper and lower case count as the same, as on some file systems.
 * @param branches all branches, without `refs/heads/`
 */
export function freePrefix(branches: readonly string[], session: string): string {
  const taken = new Set(branches.map((branch) => branch.toLowerCase()));
  const isFree = (prefix: string): boolean =>
    !taken.has(prefix.toLowerCase()) && !taken.has(`${prefix}/${session}`.toLowerCase());
  if (isFree(PREFIX)) return PREFIX;
  for (let n = 1; ; n++) {
    const prefix = `${PREFIX}-agents${n === 1 ? '' : `-${n}`}`;
    if (isFree(prefix)) return prefix;
  }
}

/** Returns whether the branch can be made: neither it nor one below it exists. */
export function isFreeBranch(branches: readonly string[], branch: string): boolean {
  const wanted = branch.toLowerCase();
  return !branches.some((each) => each.toLowerCase() === wanted || each.toLowerCase().startsWith(`${wanted}/`));
}

/**
 * Turns a text into one part of a branch name that git accepts (`git check-ref-format`), as close to the text as
 * possible.
 */
export function branchPart(text: string): string {
  const part = text
    .normalize('NFC')
    .replace(/[\s\u0000-\u0020\u007f~^:?*[\]\\/]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/@\{/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .replace(/\.lock$/i, '-lock');
  return part === '' || part === '@' ? 'agent' : part;
}
