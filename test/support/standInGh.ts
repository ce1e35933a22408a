/**
 * A stand-in for the GitHub CLI. There is no network here, so GitHub cannot exist: the stand-in keeps pull requests in a
 * file and follows the documented options, JSON fields and exit codes of `gh repo view`, `gh pr list` and `gh pr create`.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A pull request in the form that `gh pr list --json` prints. */
interface GhPullRequest {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED';
  readonly isDraft: boolean;
  readonly headRefName: string;
  readonly headRefOid: string;
  readonly headRepositoryOwner: { readonly id: string; readonly login: string };
  readonly baseRefName: string;
  readonly author: { readonly login: string };
  readonly reviewDecision: string;
  readonly statusCheckRollup: readonly Record<string, unknown>[];
  readonly comments: readonly Record<string, unknown>[];
  readonly reviews: readonly Record<string, unknown>[];
}

export interface GhState {
  loggedIn: boolean;
  /** Owner and name of the repository; null when no remote is on GitHub. */
  repository: string | null;
  defaultBranch: string;
  pulls: GhPullRequest[];
}

export interface GhCall {
  readonly args: readonly string[];
  readonly cwd: string;
  /** True when gh may ask or look for updates. */
  readonly attended: boolean;
}

const SCRIPT = `
const { readFileSync, writeFileSync, appendFileSync } = require('node:fs');
const [, , ...args] = process.argv;
const env = process.env;
const attended = env.GH_PROMPT_DISABLED !== '1' || env.GH_NO_UPDATE_NOTIFIER !== '1' || env.GH_REPO !== undefined;
appendFileSync(CALLS, JSON.stringify({ args, cwd: process.cwd(), attended }) + '\\n');
const state = JSON.parse(readFileSync(STATE, 'utf8'));
const fail = (text, code = 1) => { process.stderr.write(text + '\\n'); process.exit(code); };
const flag = (name) => {
  const at = args.findIndex((each) => each === '--' + name || each.startsWith('--' + name + '='));
  if (at < 0) return undefined;
  return args[at].includes('=') ? args[at].slice(args[at].indexOf('=') + 1) : args[at + 1];
};
if (!state.loggedIn) fail('To get started with GitHub CLI, please run:  gh auth login', 4);
if (state.repository === null)
  fail('none of the git remotes configured for this repository point to a known GitHub host.');
const pick = (value) => {
  const entries = flag('json').split(',').map((field) => {
    if (!(field in value)) fail('Unknown JSON field: "' + field + '"');
    return [field, value[field]];
  });
  return Object.fromEntries(entries);
};
const command = args.slice(0, 2).join(' ');
if (command === 'repo view') {
  const answer = { nameWithOwner: state.repository, defaultBranchRef: { name: state.defaultBranch } };
  process.stdout.write(JSON.stringify(pick(answer)));
} else if (command === 'pr list') {
  const wanted = (flag('state') || 'open').toUpperCase();
  const found = state.pulls.filter((pull) =>
    (wanted === 'ALL' || pull.state === wanted) &&
    (flag('head') === undefined || pull.headRefName === flag('head')) &&
    (flag('author') !== '@me' || pull.author.login === 'me'));
  process.stdout.write(JSON.stringify(found.slice(0, Number(flag('limit') || 30)).map(pick)));
} else if (command === 'pr create') {
  for (const name of ['title', 'body', 'head', 'base'])
    if (flag(name) === undefined) fail('must provide \`--title\` and \`--body\` when not running interactively');
  const [owner, branch] = flag('head').includes(':') ? flag('head').split(':') : [state.repository.split('/')[0], flag('head')];
  const known = state.pulls.find((pull) => pull.state === 'OPEN' && pull.headRefName === branch && pull.headRepositoryOwner.login === owner);
  if (known) fail('a pull request for branch "' + flag('head') + '" into branch "' + flag('base') + '" already exists:\\n' + known.url);
  const number = state.pulls.length + 1;
  const url = 'https://github.com/' + state.repository + '/pull/' + number;
  state.pulls.push({
    number, url, title: flag('title'), body: flag('body'), state: 'OPEN', isDraft: args.includes('--draft'),
    headRefName: branch, headRefOid: '0'.repeat(40), headRepositoryOwner: { id: 'U_1', login: owner },
    baseRefName: flag('base'), author: { login: 'me' }, reviewDecision: '', statusCheckRollup: [], comments: [], reviews: [],
  });
  writeFileSync(STATE, JSON.stringify(state));
  process.stdout.write(url + '\\n');
} else fail('unknown command "' + command + '" for "gh"');
`;

/** The stand-in in its own folder, which belongs into the PATH of the program under test. */
export class StandInGh {
  readonly bin: string;
  private readonly stateFile: string;
  private readonly callsFile: string;

  constructor(dir: string, state: Partial<GhState> = {}) {
    this.bin = join(dir, 'gh-bin');
    this.stateFile = join(dir, 'gh-state.json');
    this.callsFile = join(dir, 'gh-calls.jsonl');
    mkdirSync(this.bin, { recursive: true });
    const program = join(this.bin, 'gh');
    const files = `const STATE = ${JSON.stringify(this.stateFile)}, CALLS = ${JSON.stringify(this.callsFile)};`;
    writeFileSync(program, `#!${process.execPath}\n${files}${SCRIPT}`);
    chmodSync(program, 0o755);
    this.state = { loggedIn: true, repository: 'octo/app', defaultBranch: 'main', pulls: [], ...state };
  }

  get state(): GhState {
    return JSON.parse(readFileSync(this.stateFile, 'utf8')) as GhState;
  }

  set state(state: GhState) {
    // gh may read it at any time.
    writeFileSync(`${this.stateFile}.new`, JSON.stringify(state));
    renameSync(`${this.stateFile}.new`, this.stateFile);
  }

  /** Changes the state. */
  set(change: Partial<GhState>): void {
    this.state = { ...this.state, ...change };
  }

  /** The calls, oldest first. */
  get calls(): readonly GhCall[] {
    if (!existsSync(this.callsFile)) return [];
    const lines = readFileSync(this.callsFile, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as GhCall);
  }
}
