/** The suites of `npm test`: the tools that each needs and the tests that it runs. */
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, sep } from 'node:path';
import { checkSuite } from './checkSuite';
import { hostEntry, runSuiteInVsCode } from './extensionHostSuite';
import { mochaLanes, mochaSuite, type SuiteContext } from './mochaSuite';
import { VSIX_VARIABLE, currentVsix, packageSuite } from './packageSuite';
import { copySampleWorkspace } from './sampleWorkspace';
import { ensureTools, tools, tryTools, type Tool } from './systemPackages';
import { NOTHING, type Outcome } from './testResult';
import { NEWEST, OLDEST, ensureVsCode, promisedVersion, type VsCodeVersion } from './vscodeInstall';

const MINUTE_MS = 60_000;
/** Time limit without progress: long enough for a machine that swaps, short enough to notice a stall. */
export const STALL_MS = 5 * MINUTE_MS;

/** Processes of tests of one suite that run at once: as many as the machine has processors, since some need a whole one. */
export const SLOTS = Math.min(4, availableParallelism());

export interface Suite {
  readonly name: string;
  /** Title on the console. */
  readonly title: string;
  /** True when the user can limit the suite to files. */
  readonly hasFiles: boolean;
  /** Installs missing tools; throws NeedError when it may not. */
  prepare(): Promise<void>;
  run(context: SuiteContext): Promise<Outcome>;
}

/** Orders files. A file outside of any folder tests everything together and takes longest, so it comes first. */
export function byDepth(a: string, b: string): number {
  return a.split(sep).length - b.split(sep).length || (a < b ? -1 : 1);
}

/** Returns compiled tests below `out/test/<dir>` whose name ends in `suffix` and contains each of `parts`. */
function filesOf(root: string, dir: string, suffix: string, parts: readonly string[] = []): readonly string[] {
  const at = join(root, 'out', 'test', dir);
  if (!existsSync(at)) return [];
  const names = readdirSync(at, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(suffix));
  return names
    .filter((name) => parts.every((part) => name.includes(part)))
    .sort(byDepth)
    .map((name) => join(at, name));
}

/**
 * @param lanes processes of the suite that run at once; 1: one process for all files
 * @param isNeededBy tools without which only some files of the suite are skipped
 */
function nodeSuite(
  name: string,
  title: string,
  needs: readonly Tool[],
  testTimeoutMs: number,
  lanes = 1,
  isNeededBy: readonly Tool[] = [],
): Suite {
  return {
    name,
    title,
    hasFiles: true,
    prepare: async () => {
      await ensureTools(needs);
      await tryTools(isNeededBy);
    },
    run: (context) => {
      const files = filesOf(context.root, name, '.test.js', context.parts);
      return lanes > 1 ? mochaLanes(lanes, files, testTimeoutMs, context) : mochaSuite(files, testTimeoutMs, context);
    },
  };
}

/** `*.test.ts` of test/vscode inside the extension host. */
function hostSuite(version: VsCodeVersion): Suite {
  return {
    name: `vscode-${version}`,
    title: `inside VS Code ${version}`,
    hasFiles: true,
    prepare: () => prepareVsCode(version),
    run: async (context) => {
      if (filesOf(context.root, 'vscode', '.test.js', context.parts).length === 0) return NOTHING;
      const options = {
        version,
        workspace: copySampleWorkspace(context.root, context.scratch),
        extensionDir: context.root,
        testsPath: hostEntry(context.root),
        scratch: context.scratch,
        env: { ...context.env, TACO_TEST_FILTER: context.parts.join('') },
        screenshot: join(context.root, 'out', 'artefacts', `vscode-${version}.png`),
        stallMs: context.stallMs,
      };
      const { code, report, output, log } = await context.slots.run(() => runSuiteInVsCode(options));
      console.log(output.trimEnd());
      if (report?.complete && (code === 0 || report.failures.length > 0)) return report;
      const problem = code === null ? 'stood still and was stopped' : `ended with ${code} and no full report`;
      const { passed, skipped, failures } = report ?? NOTHING;
      return {
        passed,
        skipped,
        failures: [
          ...failures,
          {
            title: `VS Code ${version}`,
            reason: `The suite ${problem}. The end of its log:\n${log.split('\n').slice(-40).join('\n')}`,
          },
        ],
      };
    },
  };
}

/**
 * Stories that the oldest VS Code runs too: they use what VS Code changed since, and TACO guards or works around (trees,
 * notifications, modal dialogs, terminals and their links and profiles, webviews, comments, quick diffs, light bulbs,
 * drag and drop, URIs). All others show TACO's own pages and texts, which do not depend on the version.
 */
const ON_OLDEST = /^(editor|notifications|team)\.story\.js$/;

/** `*.story.ts` of test/vscode: the user's view, driven from outside by Playwright. */
function storySuite(version: VsCodeVersion): Suite {
  return {
    name: `story-${version}`,
    title: `stories in VS Code ${version}`,
    hasFiles: true,
    prepare: () => prepareVsCode(version),
    run: async (context) => {
      const all = filesOf(context.root, 'vscode', '.story.js', context.parts);
      const isChosen = version === NEWEST || context.parts.length > 0;
      const files = isChosen ? all : all.filter((file) => ON_OLDEST.test(basename(file)));
      if (files.length === 0) return NOTHING;
      const { path } = await currentVsix(context.root);
      const env = { ...context.env, TACO_VSCODE_VERSION: version, [VSIX_VARIABLE]: path };
      return await mochaSuite(files, 2 * MINUTE_MS, { ...context, env });
    },
  };
}

async function prepareVsCode(version: VsCodeVersion): Promise<void> {
  await ensureTools([tools.tmux, tools.redis, tools.chromium]);
  await ensureVsCode(version);
}

/** Returns all suites, cheapest first. Throws when the oldest tested VS Code is not the one in the manifest. */
export function allSuites(root: string): readonly Suite[] {
  const promised = promisedVersion(join(root, 'package.json'));
  if (promised !== OLDEST)
    throw new Error(`engines.vscode promises ${promised}, but the oldest VS Code of the test bed is ${OLDEST}.`);
  return [
    { name: 'check', title: 'types, lint, layers', hasFiles: false, prepare: async () => undefined, run: checkSuite },
    nodeSuite('unit', 'unit tests', [], 10_000),
    nodeSuite('integration', 'real Redis, real tmux', [tools.tmux, tools.redis, tools.git], 30_000, SLOTS, [
      tools.ssh,
      tools.sshd,
    ]),
    { name: 'package', title: 'the VSIX', hasFiles: false, prepare: async () => undefined, run: packageSuite },
    hostSuite(NEWEST),
    storySuite(NEWEST),
    hostSuite(OLDEST),
    storySuite(OLDEST),
    nodeSuite('e2e', 'real Claude Code', [tools.tmux, tools.redis, tools.git], 3 * MINUTE_MS),
  ];
}
