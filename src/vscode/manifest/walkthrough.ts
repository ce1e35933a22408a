/**
 * The walkthrough of the first minutes, for `manifest.ts`. Each step completes itself, by a context key or by a command
 * that ran.
 */
export const WALKTHROUGH = 'taco.firstSteps';

interface WalkthroughStep {
  readonly id: string;
  readonly title: string;
  /** Text with the buttons of the step, each link on its own line. */
  readonly description: string;
  /** `onContext:` with an expression, or `onCommand:` with an id. */
  readonly done: string;
}

/** The steps. Each has a text picture in `media/walkthrough/ID.md`. */
export const walkthroughSteps: readonly WalkthroughStep[] = [
  {
    id: 'needs',
    title: 'Install the prerequisites',
    description:
      'A folder that you trust, tmux, Redis, and an agent CLI. The doctor checks each of them and offers a fix for everything that is missing.\n[Run Doctor](command:taco.runDoctor)\n[Open Folder](command:vscode.openFolder)',
    done: 'onContext:taco.ready',
  },
  {
    id: 'sample',
    title: 'Try a sample team',
    description:
      'Three scripted agents plan, wait for each other and send each other messages in this folder. They are programs without a model: they cost nothing and change no file.\n[Try with Scripted Agents](command:taco.trySample)',
    done: "onContext:taco.session == 'active'",
  },
  {
    id: 'start',
    title: 'State a goal',
    description:
      'State a goal. Mother, the planner agent, reads the project and prints a plan.\n[Start…](command:taco.start)',
    done: 'onCommand:taco.start',
  },
  {
    id: 'review',
    title: 'Review the plan',
    description:
      'See the task and dependencies of each agent, edit the plan in place or as JSON, or send it back to Mother. Nothing is launched before you approve.\n[Review Plan](command:taco.reviewPlan)',
    done: "onContext:taco.plan == 'approved'",
  },
  {
    id: 'talk',
    title: 'Write to your agents',
    description:
      'Write to one of them from the Agents view, and follow each message until it is received. A badge on the TACO icon means that an agent needs you.\n[Message Agent…](command:taco.messageAgent)\n[Open Monitor](command:taco.openMonitor)',
    done: 'onCommand:taco.messageAgent',
  },
];
