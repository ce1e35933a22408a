import assert from 'node:assert/strict';
import type { PlanPost } from '../../../../src/core/webviews/planReviewProtocol';
import { openPage, scriptOf, type RunPage } from '../../../support/vscode/webviewPage';

const AGENT = {
  window: '2',
  name: 'api',
  role: 'Builds the API',
  task: '',
  profile: '',
  model: '',
  permission_mode: '',
  worktree: false,
  host: '',
  base: '',
  check: [],
  owns: [],
  depends_on: [],
  wait_for: [],
  notifies: [],
};

function plan(more: Partial<PlanPost> = {}): PlanPost {
  return {
    type: 'plan',
    review: { status: 'proposed', at: 1, attempt: 1, repaired: false },
    goal: 'a goal',
    phase: 'review',
    detail: '',
    connected: true,
    draft: {
      revision: 7,
      agents: [AGENT],
      problems: [],
      edited: false,
      canUndo: false,
      incoming: null,
      launch: {
        agents: 1,
        memoryMb: 0,
        unmeasured: 0,
        profiles: [],
        permissionModes: [],
        worktrees: [],
        unattended: [],
      },
    },
    unread: [],
    profiles: [],
    defaultProfile: 'claude',
    freeMb: 1000,
    ack: 0,
    refused: null,
    ...more,
  };
}

describe('the approve button of the plan review', () => {
  let script = '';
  before(async () => (script = await scriptOf('planReview')));

  /** Returns the approved revisions after the steps. */
  function approvals(...steps: ((page: RunPage) => void)[]): readonly number[] {
    const page = openPage({ script, first: { at: Date.now(), posts: [plan()] } });
    for (const step of steps) step(page);
    return (page.sent as readonly { type: string; revision?: number }[]).flatMap(({ type, revision }) =>
      type === 'approve' ? [revision ?? -1] : [],
    );
  }
  const press = ({ root }: RunPage): void => root.querySelector('button.primary')?.click();
  const addAgent = ({ root }: RunPage): void =>
    [...root.querySelectorAll('button')].find(({ textContent }) => textContent === 'Add an agent')?.click();
  const post =
    (more: Partial<PlanPost>, revision: number) =>
    (page: RunPage): void =>
      page.post({ ...plan(more), draft: { ...plan().draft, revision } });

  it('approves the plan on the screen', () => {
    assert.deepEqual(approvals(press), [7]);
  });

  it('waits for an edit in flight and approves the plan with it', () => {
    assert.deepEqual(approvals(addAgent, press), []);
    assert.deepEqual(approvals(addAgent, press, post({ ack: 1 }, 8)), [8]);
  });

  it('approves nothing if another plan arrived with the edit, which the user has not read', () => {
    assert.deepEqual(
      approvals(
        addAgent,
        press,
        post({ ack: 1, review: { status: 'proposed', at: 2, attempt: 1, repaired: false } }, 9),
      ),
      [],
    );
  });

  it('approves once when it is pressed twice', () => {
    assert.deepEqual(approvals(press, press), [7]);
  });
});
