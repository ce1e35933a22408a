import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isSameText } from '../../../../src/core/base/sanitizeText';
import { checkPrompt, isMostlySameText, type InFlightMessage } from '../../../../src/core/messages/promptCheck';

const text = '[AGENT-4 → AGENT-3]: the API is ready; its specification is in docs/api.md, please build the client now';
const inflight = (phase: string, message = text): InFlightMessage => ({ id: 'cmd_000001', text: message, phase });
const decide = (flight: InFlightMessage | null, prompt: string) => checkPrompt(flight, prompt, isSameText).kind;
const BEING_TYPED = ['typing', 'typed', 'entered'];
const ALL = [...BEING_TYPED, 'delivered', 'received', ''];

describe('checkPrompt', () => {
  it('passes everything while no message is in flight', () => {
    assert.equal(decide(null, text), 'pass');
    assert.equal(decide(null, ''), 'pass');
  });

  it('returns a receipt for exactly the text, also with other trailing whitespace', () => {
    for (const phase of [...BEING_TYPED, 'delivered']) {
      assert.deepEqual(checkPrompt(inflight(phase), text, isSameText), { kind: 'receipt', id: 'cmd_000001' });
      assert.equal(decide(inflight(phase), `${text}  \n`), 'receipt');
    }
  });

  it('returns no second receipt: the same text again is the user who repeats it', () => {
    assert.equal(decide(inflight('received'), text), 'pass');
  });

  it('blocks the text in flight with lost pieces, wherever they were', () => {
    for (const damaged of [
      text.slice(0, 60),
      text.slice(20),
      text.slice(0, 40) + text.slice(60),
      `draft of a person${text}`,
      `${text} and more`,
      '[AGENT-4 → AG',
    ]) {
      for (const phase of BEING_TYPED) assert.equal(decide(inflight(phase), damaged), 'block', damaged);
    }
  });

  it('blocks a long text that lost 4,000 of 17,000 characters', () => {
    const long = `[MOTHER → AGENT-2]: ${Array.from({ length: 2000 }, (_, i) => `item${i}`).join(' ')}`;
    assert.equal(decide(inflight('entered', long), long.slice(0, 3000) + long.slice(7000)), 'block');
    assert.equal(decide(inflight('entered', long), `<pasted_content id="1">${long}</pasted_content>`), 'block');
  });

  it('passes a queued message that begins its turn while another one is typed', () => {
    const interrupt = inflight('entered', '[USER → AGENT-3]: stop, the branch is wrong');
    const queued = '[USER → AGENT-3]: this one is queued';
    assert.equal(decide(interrupt, queued), 'block');
    assert.equal(decide({ ...interrupt, queued }, queued), 'pass');
    assert.equal(decide({ ...interrupt, queued }, interrupt.text), 'receipt');
    assert.equal(decide({ ...interrupt, queued }, `${queued}\n${interrupt.text}`), 'block');
  });

  it('passes a damaged text once TACO has no keys in the input box', () => {
    assert.equal(decide(inflight('delivered'), text.slice(0, 60)), 'pass');
    assert.equal(decide(inflight('anything else'), text.slice(0, 60)), 'pass');
  });

  it("passes the user's own prompt in every phase", () => {
    const prompts = [
      '',
      'y',
      '[',
      'run the tests',
      'the API is ready',
      'please build the client now',
      '/compact',
      'What is docs/api.md?',
      '[AGENT-3 → USER] is what I see, why?',
      `${'a long thought of my own. '.repeat(20)}${text}`,
    ];
    for (const phase of ALL)
      for (const prompt of prompts) assert.equal(decide(inflight(phase), prompt), 'pass', `${phase}: ${prompt}`);
  });

  it("passes the user's prompt while a slash command is typed", () => {
    assert.equal(decide(inflight('typing', '/compact'), '/comp'), 'pass');
    assert.equal(decide(inflight('typing', '/compact'), '/compact'), 'receipt');
  });

  it('never blocks a prompt without envelope and without eight consecutive characters of the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.constantFrom(...ALL), (prompt, phase) => {
        fc.pre(!prompt.trimStart().startsWith('[AGENT-4 →'));
        for (let i = 0; i + 8 <= text.length; i++) fc.pre(!prompt.includes(text.slice(i, i + 8)));
        assert.equal(decide(inflight(phase), prompt), 'pass');
      }),
    );
  });

  it('returns a receipt for any text, and blocks every beginning of it that shows its envelope', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 300, unit: 'binary' }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(...BEING_TYPED),
        (body, part, phase) => {
          const message = `[USER → AGENT-2]: ${body}`;
          assert.equal(decide(inflight(phase, message), message), 'receipt');
          const beginning = message.slice(0, 8 + Math.floor(part * (message.length - 8)));
          const expected = isSameText(message, beginning) ? 'receipt' : 'block';
          assert.equal(decide(inflight(phase, message), beginning), expected);
        },
      ),
    );
  });

  it('compares long texts in linear time', function () {
    this.timeout(30_000);
    const text = (bytes: number): string =>
      Array.from({ length: bytes / 8 }, (_, i) => String(i).padStart(8, 'x')).join('');
    const cost = (bytes: number): number => {
      const long = text(bytes);
      const before = process.cpuUsage();
      assert.equal(isMostlySameText(long, long.slice(0, bytes * 0.6)), true);
      assert.equal(isMostlySameText(long, 'z'.repeat(bytes)), false);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    cost(8 * 1024);
    const [short, long] = [cost(8 * 1024), cost(128 * 1024)];
    // The text is 16 times as long; quadratic time would be 256 times. The minimum allows for the garbage collector.
    assert.ok(long < Math.max(600, 80 * short), `${short.toFixed(1)} ms, then ${long.toFixed(1)} ms`);
  });
});
