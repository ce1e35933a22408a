/**
 * Prepares the start of TACO's TypeScript: the right Node, the npm packages of the lock file, the bundles. Uses only
 * Node's own modules, since nothing is installed yet.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const OLDEST_NODE = [20, 19];

/** Throws a readable sentence when this Node is too old for TACO's tools. */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor, needMinor] = OLDEST_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  throw new Error(`Node ${version} is too old: ${OLDEST_NODE.join('.')} or newer is needed (https://nodejs.org).`);
}

/** Returns true when node_modules has exactly the versions of the lock file. */
function packagesAreCurrent(root = ROOT) {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.link || present[path]?.version === entry.version,
  );
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) throw new Error(`Could not run "${command}": ${error.message}`);
  if (status !== 0) throw new Error(`This failed: ${[command, ...args].join(' ')}`);
}

/** Brings node_modules to the state of the lock file. */
export function installPackages() {
  if (packagesAreCurrent()) return;
  console.log('Installing the npm packages of package-lock.json into node_modules (npm ci) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Bundles the extension, the `taco` command, the webviews and every test. */
function buildAll() {
  run(process.execPath, ['esbuild.mjs', '--tests']);
}

/** Runs one of TACO's TypeScript entries, `out/test/harness/cli/main.NAME.js`, in this process. */
export async function runEntry(name, args = process.argv.slice(2)) {
  requireNode();
  installPackages();
  buildAll();
  const { main } = await import(`../../out/test/harness/cli/main.${name}.js`);
  return await main(args, ROOT);
}
