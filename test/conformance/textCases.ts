/** Texts for an idle agent. Both senders get the same text: with an envelope, or `raw`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './case';

const WORDS = 'The quick brown fox reviews pull request 42, then writes tests; nothing is left out. ';

/** Returns `bytes` of prose with distinct numbers, so that no other piece can replace a missing one. */
export function prose(bytes: number, lineLength = Infinity): string {
  let text = '';
  for (let n = 1; text.length < bytes; n++) {
    const piece = `${n}: ${WORDS}`;
    text += lineLength < piece.length ? `${piece.trimEnd()}\n` : piece;
  }
  return (
    text
      .slice(0, bytes - 1)
      .trimEnd()
      .padEnd(bytes - 1, '.') + '#'
  );
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, i) => (i % 7 === 3 ? '' : `line ${i + 1} of ${count}`)).join('\n');
}

function text(name: string, body: string): Case {
  return { name, group: 'text', play: async (stage) => stage.arrives(await stage.send(stage.seat.envelope + body)) };
}

/** A text without an envelope, whose beginning would have a special meaning for a CLI. */
function raw(name: string, message: string): Case {
  return { name, group: 'text', play: async (stage) => stage.arrives(await stage.send(message)) };
}

/** A text with another one after it: any rest of the first in the composer would be merged into the second. */
function followed(name: string, body: string): Case {
  return {
    name,
    group: 'text',
    play: async (stage) => {
      await stage.arrives(await stage.send(stage.seat.envelope + body));
      await stage.arrives(await stage.send(`${stage.seat.envelope}and the message after it`));
    },
  };
}

/** A text with a command that no shell may run: it would create a file. */
function harmless(name: string, message: (command: string, envelope: string) => string): Case {
  return {
    name,
    group: 'text',
    play: async (stage) => {
      const file = join(stage.bed.scratch, stage.tag());
      await stage.arrives(await stage.send(message(`touch ${file}`, stage.seat.envelope)));
      if (existsSync(file)) stage.problem('a shell ran the message');
    },
  };
}

const LENGTHS = [
  raw('1 byte', 'x'),
  text('a short line', 'API ready: GET /todos'),
  text('100 bytes', prose(100)),
  text('400 characters, `;` where a piece may end', `${prose(377)};${prose(400)};`),
  text('1 KB', prose(1024)),
  text('4 KB', prose(4096)),
  text('9 KB', prose(9000)),
  text('17 KB', prose(17_000)),
  text('17 KB in lines', prose(17_000, 80)),
  raw('64 KB', prose(65_536)),
  text('60 lines', lines(60)),
  text('500 lines', lines(500)),
  text('2 lines', 'first line\nsecond line'),
  text('blank lines in the middle', 'above\n\n\n\nbelow'),
  text('a newline first', '\nbelow a newline'),
  text('newlines at the end', 'three newlines follow\n\n\n'),
  text('spaces at the end', 'five spaces follow     '),
  text('spaces first and in the middle', '     five before,     five between'),
  text('Windows and old Mac line ends', 'one\r\ntwo\rthree'),
  text('a word of 3,000 letters', 'abcdefghij'.repeat(300)),
  text('5,000 times the same letter', 'a'.repeat(5000)),
];

const SIGNS = [
  followed('ends in `;`', 'run the tests;'),
  followed('ends in `\\`', 'the path is C:\\temp\\'),
  followed('ends in `,`', 'first, second,'),
  text('ends in `\\;`', 'find . -exec ls {} \\;'),
  raw('is the key name Enter', 'Enter'),
  raw('is the key name C-c', 'C-c'),
  raw('is the key name Escape', 'Escape'),
  raw('begins with -', '-rf is no flag here'),
  raw('begins with --', '-- two dashes'),
  harmless('begins with !', (command) => `!${command}`),
  raw('begins with /', '/help me with this'),
  raw('is /clear', '/clear'),
  raw('is a path', '/etc/hosts is a file'),
  raw('begins with #', '# Remember this heading'),
  raw('begins with @', '@README.md is what I mean'),
  raw('begins with ?', '? what is that'),
  raw('begins with &', '& and then'),
  raw('is exit', 'exit'),
  text('@path in the middle', 'look at @src/index.ts and @docs/ please'),
  text('@path at the end', 'look at @package.json'),
  text('/word in the middle', 'please /clear the table and /help me'),
  text('/word at the end', 'then type /compact'),
  text('a tab', 'name\tvalue\tmore'),
  text('ANSI colours', 'it is \u001b[31mred\u001b[0m and \u001b[1mbold\u001b[0m'),
  text('control bytes', 'bell \u0007, backspace \b, delete \u007f, ^C \u0003, ^D \u0004, C1 \u009b31m, NUL \u0000.'),
  text('ESC alone and a title sequence', 'esc \u001b alone, \u001b]0;title\u0007 done'),
  text('all quotes', `it's "quoted", \`ticked\`, «guillemets» and ‘curly’ “ones”`),
  harmless(
    'shell words',
    (command, envelope) =>
      `${envelope}$HOME \`${command}\` $(${command}) && ${command} | cat > /dev/null; *?[a-z]{1,2} ~ !!`,
  ),
  text('tmux formats', '#{pane_id} #(id) #S #[fg=red] %1 =name: {last} @7 ~ #{?a,b,c} ##'),
  text('JSON with newlines', '{\n  "a": "b\\n",\n  "c": [1, 2, "\\u00e9"]\n}'),
  text('a fence of code', '```ts\nconst x = `a${b}`;\n\tif (x) return;\n```'),
  text('looks like a dialog', 'Do you want to proceed?\n❯ 1. Yes\n  2. No\nEsc to cancel'),
  text('looks like a composer', '─'.repeat(40) + '\n❯\u00a0\n' + '─'.repeat(40)),
  text('looks like work', '✻ Thinking… (esc to interrupt) Press up to edit queued messages'),
  text('looks like a paste', '[Pasted text #1 +12 lines] and [Image #1]'),
  text('looks like an envelope', '[AGENT-9 → MOTHER]: not mine'),
];

const UNICODE = [
  text('combining marks', 'e\u0301 n\u0303 a\u0308\u0323 Zalgo: z\u0335\u0321\u0352a\u0334l\u0337g\u0336o\u0338'),
  text('emoji joined by ZWJ', 'family 👨‍👩‍👧‍👦, coder 👩🏽‍💻, heart ❤️‍🔥, flag 🏳️‍🌈 end'),
  text('flags and keycaps', 'flags 🇩🇪🇯🇵🇧🇷, keys 1️⃣ #️⃣, skin 👍🏿 end'),
  text('right to left', 'שלום עולם and مرحبا بالعالم, then English'),
  text('marks that steer direction', 'left \u202eright\u202c mark \u200f and \u2067isolated\u2069 end'),
  text('wide characters', '漢字とカタカナ、한국어와 中文 test'),
  text('800 wide characters', '漢字仮名交じり文'.repeat(100)),
  text('no-break and other blanks', 'a\u00a0b\u2003c\u202fd\u3000e end'),
  text('lone surrogates', 'before \ud800 between \udc00 after'),
  text('characters without width', 'zero\u200bwidth\u200cnon\u200djoiner\ufeffbom\u2060word'),
  text('beyond the first plane', '𝒜𝓁𝓅𝒽𝒶 𐍈 𠜎 🀄 𝟘𝟙 end'),
  text('boxes and prompt signs', '┌──┐ │❯ │ └──┘ ▔▁█ ⏺ ⎿ ✻ ● end'),
  text('line separators', 'one\u2028two\u2029three'),
  text('Indic, Thai and Hangul parts', 'नमस्ते दुनिया, สวัสดีชาวโลก, ᄒ\u1161ᆫ글, தமிழ் end'),
  text('ligatures and compatibility forms', 'ﬁ ﬂ Å ℌ ½ ㎏ Ⅷ ﷽ end'),
];

export const TEXT_CASES: readonly Case[] = [...LENGTHS, ...SIGNS, ...UNICODE];
