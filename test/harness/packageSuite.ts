/** Checks the VSIX: it is small, and contains nothing that users do not need. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SuiteContext } from './mochaSuite';
import { run } from './processes';
import { NOTHING, failure, type Outcome } from './testResult';

export const MAX_VSIX_BYTES = 1.5 * 1024 * 1024;
export const MAX_VSIX_FILES = 60;
/** Only these files may be in the package. */
const ALLOWED =
  /^(extension\.vsixmanifest|\[Content_Types\]\.xml|extension\/(package(\.nls(\.[\w-]+)?)?\.json|readme\.md|changelog\.md|LICENSE(\.txt)?|dist\/.*\.(js|css|html)|media\/.*|l10n\/.*))$/i;

export interface Vsix {
  readonly path: string;
  readonly bytes: number;
  readonly files: readonly string[];
}

/** Returns the names in a zip file, from its central directory. */
function namesInZip(zip: Buffer): readonly string[] {
  const END_OF_DIRECTORY = 0x06054b50;
  const HEADER_BYTES = 46;
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error('This is not a zip file.');
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    names.push(zip.toString('utf8', at + HEADER_BYTES, at + HEADER_BYTES + name));
    at += HEADER_BYTES + name + extra + comment;
  }
  return names;
}

/** Packs the built extension into `out/taco.vsix`. Throws with vsce's own message when that fails. */
export async function packVsix(root: string): Promise<Vsix> {
  const path = join(root, 'out', 'taco.vsix');
  mkdirSync(join(root, 'out'), { recursive: true });
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const { code, output } = await run(process.execPath, [vsce, 'package', '--no-dependencies', '--out', path], {
    cwd: root,
    timeoutMs: 600_000,
  });
  if (code !== 0 || !existsSync(path)) throw new Error(`vsce package failed:\n${output}`);
  return { path, bytes: statSync(path).size, files: namesInZip(readFileSync(path)) };
}

let packed: Promise<Vsix> | undefined;

/** Path of the package for the stories, which run in other processes than the one that made it. */
export const VSIX_VARIABLE = 'TACO_TEST_VSIX';

/** Returns the package, made once in this process. */
export function currentVsix(root: string): Promise<Vsix> {
  return (packed ??= packVsix(root));
}

/** Returns each problem of the package as a sentence. */
export function problemsOf(vsix: Vsix): readonly string[] {
  const problems: string[] = [];
  if (vsix.bytes > MAX_VSIX_BYTES) problems.push(`It has ${vsix.bytes} bytes; at most ${MAX_VSIX_BYTES} are allowed.`);
  if (vsix.files.length > MAX_VSIX_FILES)
    problems.push(`It has ${vsix.files.length} files; at most ${MAX_VSIX_FILES} are allowed.`);
  for (const file of vsix.files) if (!ALLOWED.test(file)) problems.push(`It holds ${file}, which no user needs.`);
  for (const needed of ['extension/package.json', 'extension/dist/extension.js', 'extension/dist/taco.js']) {
    if (!vsix.files.includes(needed)) problems.push(`It lacks ${needed}.`);
  }
  return problems;
}

export async function packageSuite(context: SuiteContext): Promise<Outcome> {
  try {
    const vsix = await context.slots.run(() => currentVsix(context.root));
    const problems = problemsOf(vsix);
    console.log(
      `  ${problems.length === 0 ? '✔' : '✖'} ${vsix.files.length} files, ${Math.round(vsix.bytes / 1024)} KB`,
    );
    return problems.length === 0 ? { ...NOTHING, passed: 1 } : failure('the VSIX', problems.join('\n'));
  } catch (error) {
    return failure('the VSIX', error instanceof Error ? error.message : String(error));
  }
}
