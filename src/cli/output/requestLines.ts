/** Open requests as lines for the user. */
import { duration } from '../../core/base/duration';
import { oneLine } from '../../core/base/truncate';
import type { OpenRequest } from '../../core/team/openRequests';

/** Lines of one request that a list shows; the rest is in the agent's terminal or in `--json`. */
const MAX_LINES = 40;

/** Returns the whole request and how to answer it. `place` names its project in a list of several; else empty. */
export function requestLines(request: OpenRequest, now: number, place = ''): readonly string[] {
  const { id, window, agent, kind, tool, text, cut, choices, at } = request;
  const asks =
    kind === 'permission'
      ? `wants to use ${oneLine(tool, 100)}`
      : kind === 'question'
        ? 'has a question'
        : kind === 'plan'
          ? 'asks you to approve its plan'
          : 'shows a dialog';
  const all = text.split('\n');
  return [
    `${place === '' ? '' : `${oneLine(place)}  `}${oneLine(agent)} (window ${window}) ${asks}, for ${duration(now - at)}${id === '' ? '' : `  ${id}`}`,
    ...all.slice(0, MAX_LINES).map((line) => `    ${oneLine(line)}`),
    ...(all.length > MAX_LINES || (cut && id !== '') ? ['    … (only the beginning)'] : []),
    ...choices.map((label, index) => `  ${index + 1}. ${oneLine(label)}`),
    id === '' ? '  Answer it in its terminal.' : `  taco answer ${id} ${waysOf(request).join('|')}`,
  ];
}

function waysOf({ kind, cut, choices }: OpenRequest): readonly string[] {
  const numbers = choices.map((_, index) => String(index + 1));
  if (kind === 'dialog') return numbers;
  if (kind === 'question') return ['TEXT', 'deny'];
  return cut ? ['deny'] : ['allow', 'deny', ...numbers];
}
