/** `npm run package`: writes `out/taco.vsix`, or refuses when it is too big or contains unneeded files. */
import { MAX_VSIX_BYTES, MAX_VSIX_FILES, packVsix, problemsOf } from '../packageSuite';

export async function main(_args: readonly string[], root = process.cwd()): Promise<number> {
  const vsix = await packVsix(root);
  for (const file of vsix.files) console.log(`  ${file}`);
  console.log(
    `${vsix.path}: ${vsix.files.length} files (at most ${MAX_VSIX_FILES}), ${vsix.bytes} bytes (at most ${MAX_VSIX_BYTES})`,
  );
  const problems = problemsOf(vsix);
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : 0;
}
