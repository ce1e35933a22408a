/** Pull requests as `gh pr list --json` prints them. GitHub's answer is hostile until it is parsed here. Pure. */
import * as z from 'zod';
import { withoutControls } from '../base/sanitizeText';
import { oneLine, shortened } from '../base/truncate';
import type { CheckVerdict, PullRequest, PullRequestCheck, PullRequestRemark } from './pullRequest';

const MAX_NAME = 200;
const line = z.string().transform((text) => shortened(oneLine(text), MAX_NAME));
const linkSchema = z.url({ protocol: /^https?$/ }).max(2000);

/** A check of GitHub Actions or of an app, or a commit status. Fields as in gh's `statusCheckRollup`. */
const rollupSchema = z.union([
  z.object({ __typename: z.literal('CheckRun'), name: line, status: z.string(), conclusion: z.string().nullish() }),
  z.object({ __typename: z.literal('StatusContext'), context: line, state: z.string() }),
]);
const MAX_REMARK = 4000;
/** Fields as in gh's `comments` and `reviews`; only a review has a state. */
const remarkSchema = z.object({
  id: z.string().min(1).max(MAX_NAME),
  author: z.object({ login: line }).nullish(),
  authorAssociation: z.string().nullish(),
  body: z.string().nullish(),
  state: z.string().nullish(),
});
const TRUSTED = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

const pullRequestSchema = z.object({
  number: z.int().min(1),
  url: linkSchema,
  title: line,
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  headRepositoryOwner: z.object({ login: z.string().max(MAX_NAME) }).nullish(),
  headRefName: z.string().max(1000),
  headRefOid: z.string().max(64),
  reviewDecision: z.enum(['', 'APPROVED', 'CHANGES_REQUESTED', 'REVIEW_REQUIRED']).nullish().catch(''),
  statusCheckRollup: z.array(z.unknown()).nullish(),
  comments: z.array(z.unknown()).nullish(),
  reviews: z.array(z.unknown()).nullish(),
});

/** The fields that `parsePullRequests` needs, for `--json`. */
export const PULL_REQUEST_FIELDS: readonly string[] = Object.keys(pullRequestSchema.shape);

const RED = new Set(['FAILURE', 'TIMED_OUT', 'CANCELLED', 'ACTION_REQUIRED', 'STARTUP_FAILURE', 'STALE', 'ERROR']);
const GREEN = new Set(['SUCCESS', 'NEUTRAL', 'SKIPPED']);
const PENDING = new Set(['PENDING', 'EXPECTED']);

/** Parses the output of `gh pr list --json`; null when it is not a list. A damaged entry is left out. */
export function parsePullRequests(output: string): readonly PullRequest[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(output);
  } catch {
    return null;
  }
  if (!Array.isArray(parsed)) return null;
  return parsed.flatMap((entry) => {
    const { data } = pullRequestSchema.safeParse(entry);
    return data ? [viewOf(data)] : [];
  });
}

function viewOf(data: z.infer<typeof pullRequestSchema>): PullRequest {
  const { number, url, title, headRefName: branch, headRefOid: commit, reviewDecision } = data;
  const state =
    data.state === 'OPEN' ? (data.isDraft ? 'draft' : 'open') : data.state === 'MERGED' ? 'merged' : 'closed';
  const review =
    reviewDecision === 'APPROVED' ? 'approved' : reviewDecision === 'CHANGES_REQUESTED' ? 'changes-requested' : 'none';
  const checks = (data.statusCheckRollup ?? []).map(checkOf);
  // A pending review is the user's own draft.
  const all = [...(data.comments ?? []), ...(data.reviews ?? [])]
    .flatMap((entry) => remarkSchema.safeParse(entry).data ?? [])
    .filter((remark) => remark.state !== 'PENDING');
  const comments = all.length;
  const remarks = all.flatMap(remarkOf);
  const owner = data.headRepositoryOwner?.login ?? '';
  return { number, url, title, state, branch, owner, commit, review, checks, comments, remarks };
}

/** Reads one comment or review; none for an approval without words, or a review that was withdrawn. */
function remarkOf(remark: z.infer<typeof remarkSchema>): readonly PullRequestRemark[] {
  const { id, author, authorAssociation, body, state } = remark;
  const text = shortened(withoutControls(body ?? '').trim(), MAX_REMARK);
  if (state === 'DISMISSED' || (text === '' && (!state || state === 'APPROVED'))) return [];
  return [{ id, author: author?.login ?? '', text, isTrusted: TRUSTED.has(authorAssociation ?? '') }];
}

/** Reads one check. One in a form that is not documented stays visible as unknown, so that it never counts as green. */
function checkOf(entry: unknown): PullRequestCheck {
  const { data } = rollupSchema.safeParse(entry);
  if (!data) return { name: '', verdict: 'unknown' };
  if (data.__typename === 'StatusContext') return { name: data.context, verdict: verdictFor(data.state) };
  return { name: data.name, verdict: data.status === 'COMPLETED' ? verdictFor(data.conclusion ?? '') : 'pending' };
}

function verdictFor(word: string): CheckVerdict {
  if (RED.has(word)) return 'failed';
  if (GREEN.has(word)) return 'passed';
  return PENDING.has(word) ? 'pending' : 'unknown';
}
