/** `taco pr`: pull requests for the work of agents. Only the user pushes and sends. */
import { MOTHER_WINDOW } from '../../../core/base/limits';
import { oneLine } from '../../../core/base/truncate';
import { errors } from '../../../core/errors/errors';
import { toTacoError } from '../../../core/errors/tacoError';
import { verdictOf, type PullRequest } from '../../../core/proof/pullRequest';
import type { AgentView } from '../../../core/team/snapshot';
import type { OpenedPullRequest, PreparedPullRequest, PullRequests } from '../../../team/work/pullRequests';
import { WorkRecords } from '../../../team/work/workRecords';
import { columnsOf } from '../../output/terminalText';
import { requireUser, type CommandContext } from '../../runtime/commandContext';
import type { CommandResult } from '../../runtime/io';
import { agentNamed, commandTeam, runningSnapshot, type RunningSnapshot } from '../../runtime/openTeam';

/** `taco pr open`. With `--all` a refused agent does not keep the others; exit code 1 then. */
export async function pullRequestOpen(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'a pull request');
  const requests = pullRequestsOf(context);
  const all = context.invocation.flag('all');
  const name = context.invocation.rest(0);
  if (all === (name !== '')) throw errors.usage('Name one agent, or say --all.', 'See `taco pr open --help`.');
  const snapshot = await runningSnapshot(await commandTeam(context));
  if (!all) {
    const prepared = await requests.prepare(viewNamed(name, snapshot));
    if (context.invocation.flag('dry-run')) return preview([prepared]);
    return result([await openOne(context, requests, prepared)], []);
  }
  const proven = snapshot.agents.filter(({ proof }) => proof === 'proven');
  const prepared: PreparedPullRequest[] = [];
  const opened: Opened[] = [];
  const refused: Refused[] = [];
  for (const agent of proven) {
    try {
      const one = await requests.prepare(agent);
      prepared.push(one);
      if (!context.invocation.flag('dry-run')) opened.push(await openOne(context, requests, one));
    } catch (error) {
      const { code, message, hint } = toTacoError(error);
      // The others would fail in the same way.
      if (code === 'gh-missing' || code === 'gh-not-logged-in') throw error;
      refused.push({ agent: agent.name, message, hint });
    }
  }
  return context.invocation.flag('dry-run') ? preview(prepared, refused) : result(opened, refused);
}

export async function pullRequestStatus(context: CommandContext): Promise<CommandResult> {
  requireUser(context, 'the state of pull requests');
  const { agents } = await runningSnapshot(await commandTeam(context));
  const found = await pullRequestsOf(context).status(agents.filter(({ window }) => window !== MOTHER_WINDOW));
  const rows = found.map(({ agent, branch, pullRequest }) => [
    agent,
    oneLine(branch),
    ...(pullRequest === null ? ['none', '-', '-', '-', '-'] : cellsOf(pullRequest)),
  ]);
  return {
    json: { pullRequests: found },
    text:
      rows.length === 0
        ? 'No agent has a branch of its own.'
        : columnsOf([['AGENT', 'BRANCH', 'STATE', 'CHECKS', 'REVIEW', 'COMMENTS', 'URL'], ...rows]).join('\n'),
  };
}

interface Refused {
  readonly agent: string;
  readonly message: string;
  readonly hint: string;
}

interface Opened extends OpenedPullRequest {
  readonly warnings: readonly string[];
}

function pullRequestsOf(context: CommandContext): PullRequests {
  const { dir, paths } = context.project();
  return new WorkRecords(dir, paths, context.io.env).pullRequests;
}

function viewNamed(name: string, snapshot: RunningSnapshot): AgentView {
  const { window } = agentNamed(name, snapshot);
  const agent = snapshot.agents.find((each) => each.window === window);
  if (!agent || window === MOTHER_WINDOW)
    throw errors.unknownAgent(
      name,
      snapshot.agents.filter((each) => each.window !== MOTHER_WINDOW).map((each) => each.name),
    );
  return agent;
}

async function openOne(
  context: CommandContext,
  requests: PullRequests,
  prepared: PreparedPullRequest,
): Promise<Opened> {
  const opened = await requests.open(prepared, context.invocation.flag('draft'));
  return { ...opened, warnings: warningsOf(prepared) };
}

function warningsOf({ commits }: PreparedPullRequest): readonly string[] {
  return commits
    .filter((commit) => commit.closesIssue)
    .map(
      ({ hash, subject }) =>
        `The message of commit ${hash.slice(0, 10)} closes an issue once it is merged: ${oneLine(subject)}`,
    );
}

function result(opened: readonly Opened[], refused: readonly Refused[]): CommandResult {
  const lines = [
    ...opened.flatMap(({ agent, branch, url, isNew, warnings }) => [
      isNew ? `${agent}: opened ${url}` : `${agent}: ${branch} is pushed; the pull request is open already: ${url}`,
      ...warnings,
    ]),
    ...refusedLines(refused),
  ];
  return {
    json: { opened, refused },
    text: lines.length === 0 ? 'No work is proven.' : lines.join('\n'),
    exitCode: refused.length === 0 ? 0 : 1,
  };
}

function preview(prepared: readonly PreparedPullRequest[], refused: readonly Refused[] = []): CommandResult {
  const parts = prepared.map((one) =>
    [
      `${one.agent}: would push ${one.commit.slice(0, 10)} as ${one.branch} to ${one.target.remote} (${one.target.urls.join(', ')})`,
      `and open a pull request into ${one.base}:`,
      '',
      one.title,
      '',
      one.body,
      ...warningsOf(one),
    ].join('\n'),
  );
  return {
    json: { wouldOpen: prepared.map((one) => ({ ...one, warnings: warningsOf(one) })), refused },
    text: [...parts, ...refusedLines(refused)].join('\n\n') || 'No work is proven.',
    exitCode: refused.length === 0 ? 0 : 1,
  };
}

function refusedLines(refused: readonly Refused[]): readonly string[] {
  return refused.map(({ agent, message, hint }) => `${agent}: ${message} ${hint}`);
}

function cellsOf(request: PullRequest): readonly string[] {
  const { state, checks, review, comments, url } = request;
  const verdict = verdictOf(request);
  const failed = checks.filter((check) => check.verdict === 'failed').map(({ name }) => name);
  return [
    state,
    verdict === null ? '-' : failed.length > 0 ? `failed: ${failed.join(', ')}` : verdict,
    review === 'none' ? '-' : review,
    String(comments),
    url,
  ];
}
