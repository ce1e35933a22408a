/** The rules of the scripted agent: fixed replies to its input. It is no model, and never presented as one. */
export class Mind {
  /**
   * @param options `{system, quiet, asks, workMs, plans}`: its system prompt, and the options of `scripted-agent.mjs`
   */
  constructor(options) {
    this.options = options;
    this.isMother = /^\s*You are Mother\b/m.test(options.system);
    this.name = this.isMother ? 'mother' : (/^\s*You are ([\w-]+)/m.exec(options.system)?.[1] ?? 'agent');
    this.goal = 'the goal';
    this.attempts = 0;
  }

  /**
   * Returns the steps that a prompt leads to: `{work}` busy for so many milliseconds, `{say}` a text, `{run}` a command
   * (argument array), `{ask}` a permission without which it stops. It never answers messages of other agents, so two
   * scripted agents cannot reply to each other forever.
   */
  stepsFor(prompt) {
    const { from, text } = readEnvelope(prompt);
    const steps = [{ work: this.options.workMs }];
    const longer = /\bwork for (\d+) seconds?\b/i.exec(text);
    if (longer) steps.push({ work: Math.min(600, Number(longer[1])) * 1000 });
    if (/\bask for permission\b/i.test(text)) steps.push({ ask: 'touch notes.txt' });

    if (this.isMother && text.includes('AGENT_SPEC_JSON_START')) return [...steps, { say: this.planReply(text) }];
    const task = /^(?:The plan was changed[^:]*\. )?Your task: ([^]*)/.exec(text);
    if (task && !this.isMother) return [...steps, ...this.taskSteps(task[1])];
    const order = /^(?:please )?tell ([\w-]+)[:,]? ([^]+)/i.exec(text);
    if (order && ['USER', 'MOTHER'].includes(from))
      return [...steps, ...this.taco('send', order[1], order[2]), { say: `Told ${order[1]}.` }];
    return [...steps, { say: `Noted, from ${from}: ${oneLine(text, 70)}` }];
  }

  taskSteps(task) {
    const names =
      /TACO then tells (.+?) and Mother/.exec(this.options.system)?.[1] ??
      /\bTell (.+?) what they need from you with taco send/.exec(task)?.[1] ??
      '';
    const notifies = names.split(/,\s*/).filter((name) => /^[A-Za-z][\w-]*$/.test(name) && name !== 'Mother');
    const subject = oneLine(
      task.replace(/ Tell [^.]* with taco send\.| When it is complete, run taco done\./g, ''),
      80,
    );
    return [
      { say: `Working on: ${subject}` },
      ...notifies.flatMap((name) => this.taco('send', name, `my part is ready for you: ${subject}`)),
      { work: 300 },
      ...this.taco('done', `finished: ${subject}`),
      { say: `Finished: ${subject}` },
    ];
  }

  taco(...args) {
    if (this.options.quiet) return [];
    const ask = this.options.asks ? [{ ask: `taco ${args.join(' ')}` }] : [];
    return [...ask, { run: ['taco', ...args] }];
  }

  planReply(prompt) {
    this.attempts += 1;
    // A correction does not repeat the goal.
    this.goal = oneLine(/for this goal: ([^\n]*)/.exec(prompt)?.[1] ?? this.goal, 160);
    return this.options.plans ? (this.options.plans[this.attempts - 1] ?? 'I have no other plan.') : planFor(this.goal);
  }
}

/** Reads sender and text of `[AGENT-4 → AGENT-3]: text`; a text without an envelope is the user's. */
function readEnvelope(prompt) {
  const match = /^\[([\w-]+) → ([\w-]+)\]: ([^]*)$/.exec(prompt.trimStart());
  return match ? { from: match[1], text: match[3] } : { from: 'USER', text: prompt };
}

/** Returns a small plausible team for a goal, between the markers that the prompt requires. */
function planFor(goal) {
  const agents = [
    {
      window: 2,
      name: 'builder',
      role: `Builds: ${goal}`,
      task: `Build the first working version of: ${goal}`,
      depends_on: [],
      wait_for: [],
      notifies: ['tester', 'writer'],
    },
    {
      window: 3,
      name: 'tester',
      role: `Tests: ${goal}`,
      task: `Test what builder made for: ${goal}`,
      depends_on: ['builder'],
      wait_for: ['builder'],
      notifies: ['writer'],
    },
    {
      window: 4,
      name: 'writer',
      role: `Documents: ${goal}`,
      task: `Write a short guide for: ${goal}`,
      depends_on: ['builder'],
      wait_for: ['tester'],
      notifies: [],
    },
  ];
  return `AGENT_SPEC_JSON_START\n{"agents":[\n${agents.map((agent) => JSON.stringify(agent)).join(',\n')}\n]}\nAGENT_SPEC_JSON_END`;
}

export function oneLine(text, most) {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** Returns a generator of random numbers, 0 ≤ n < 1, repeatable by its seed (mulberry32 over a hash of the seed). */
export function randomFrom(seed) {
  let state = [...seed].reduce((hash, char) => Math.imul(hash ^ char.codePointAt(0), 16777619), 2166136261) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
