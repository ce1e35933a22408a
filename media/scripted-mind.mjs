/** What the scripted agent "thinks": fixed rules over what it is told. No model, and never presented as one. */

/** Who wrote and what, of `[AGENT-4 → AGENT-3]: text`; a text without an envelope is the person's. */
export function readEnvelope(prompt) {
  const match = /^\[([\w-]+) → ([\w-]+)\]: ([^]*)$/.exec(prompt.trimStart());
  return match ? { from: match[1], text: match[3] } : { from: 'USER', text: prompt };
}

/**
 * The steps that a prompt leads to: `{say}` a line, `{work}` busy for so many milliseconds, `{run}` a command (argument array),
 * `{ask}` a permission. Messages of other agents are never answered, so two scripted agents cannot talk in circles.
 */
export function stepsFor(prompt, { system, quiet, workMs }) {
  const { from, text } = readEnvelope(prompt);
  const isMother = /^\s*You are Mother\b/m.test(system);
  const steps = [{ work: workMs }];
  const busy = /\bwork for (\d+) seconds?\b/i.exec(text);
  if (busy) steps.push({ work: Math.min(600, Number(busy[1])) * 1000 });
  if (/\bask for permission\b/i.test(text)) steps.push({ ask: 'touch notes.txt' });

  if (isMother && /AGENT_SPEC_JSON_START/.test(text)) return [...steps, { say: planFor(text) }];
  const task = /^Your task: ([^]*)/.exec(text);
  if (task && !isMother) return [...steps, ...taskSteps(task[1], system, quiet)];
  const order = /^(?:please )?tell ([\w-]+)[:,]? ([^]+)/i.exec(text);
  if (order && ['USER', 'MOTHER'].includes(from)) {
    if (!quiet) steps.push({ run: ['taco', 'send', order[1], order[2]] });
    return [...steps, { say: `Told ${order[1]}.` }];
  }
  return [...steps, { say: `Noted, from ${from}: ${oneLine(text, 70)}` }];
}

function taskSteps(task, system, quiet) {
  const notifies = namesIn(/TACO then tells (.+?) and Mother/.exec(system)?.[1] ?? /\bTell (.+?) what they need from you with taco send/.exec(task)?.[1] ?? '');
  const subject = oneLine(task.replace(/ (?:Tell [^.]* with taco send\.|When it is complete, run taco done\.)/g, ''), 80);
  const sends = notifies.map((name) => ({ run: ['taco', 'send', name, `my part is ready for you: ${subject}`] }));
  const done = { run: ['taco', 'done', `finished: ${subject}`] };
  return [{ say: `Working on: ${subject}` }, ...(quiet ? [] : [...sends, { work: 300 }, done]), { say: `Finished: ${subject}` }];
}

function namesIn(list) {
  return list.split(/,\s*/).filter((name) => /^[A-Za-z][\w-]*$/.test(name) && name !== 'Mother');
}

/** A small plausible team for the goal, between the markers that the prompt asks for. */
function planFor(prompt) {
  const goal = oneLine(/for this goal: ([^\n]*)/.exec(prompt)?.[1] ?? lastGoal ?? 'the goal', 160);
  lastGoal = goal;
  const agents = [
    { window: 2, name: 'builder', role: `Builds: ${goal}`, task: `Build the first working version of: ${goal}`, depends_on: [], wait_for: [], notifies: ['tester', 'writer'] },
    { window: 3, name: 'tester', role: `Tests: ${goal}`, task: `Test what builder made for: ${goal}`, depends_on: ['builder'], wait_for: ['builder'], notifies: ['writer'] },
    { window: 4, name: 'writer', role: `Documents: ${goal}`, task: `Write a short guide for: ${goal}`, depends_on: ['builder'], wait_for: ['tester'], notifies: [] },
  ];
  return ['AGENT_SPEC_JSON_START', JSON.stringify({ agents }, null, 2), 'AGENT_SPEC_JSON_END'].join('\n');
}
/** A correction does not repeat the goal. */
let lastGoal;

export function oneLine(text, most) {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** Random numbers that a seed repeats (mulberry32); 0 ≤ n < 1. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
