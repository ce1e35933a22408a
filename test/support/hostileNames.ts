import fc from 'fast-check';

/** The maximum length of a folder name, bytes. */
const MAX_NAME_BYTES = 255;
/** A command that tests put on the PATH: no program may ever run it. */
export const CANARY = 'taco-canary';

const PIECES = [
  `#(${CANARY})`,
  `#(${CANARY} &)`,
  '#{session_name}',
  '#{pane_pid}',
  `#{E:#(${CANARY})}`,
  '#{?1,a,b}',
  '#S',
  '#H',
  '#P',
  '##',
  '##[x]',
  '#[fg=red]',
  '#',
  '#,',
  '#}',
  "'",
  '"',
  '$',
  '$HOME',
  `$(${CANARY})`,
  `\`${CANARY}\``,
  `;${CANARY};`,
  `&& ${CANARY} #`,
  `| ${CANARY}`,
  ';',
  '\\;',
  '=',
  'a=b',
  '%',
  '%H:%M',
  '%1',
  '%if',
  '\n',
  '\r',
  '\t',
  '\u001b[2J',
  '-',
  '--',
  '-c',
  '~',
  '~root',
  '\\',
  '\\n',
  '{',
  '}',
  '{ }',
  '[a-z]',
  '*',
  '?',
  '!',
  '@',
  ' ',
  '  ',
  '.',
  ':',
  '日本語',
  'ファイル',
  '👩‍👩‍👧',
  '🌮',
  'e\u0301',
  '\u200f',
  'naïve',
  'x',
  'C#Projects',
  'h#Hx',
] as const;

/** Generates texts of several lines that some program would run. Every terminal draws their characters equally wide. */
export function hostileTexts(): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 25 }).map((pieces) => pieces.join(''));
}

/** Generates folder names from texts that some program would run. `without`: characters that must not occur in them. */
export function hostileNames(without = ''): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
  );
  const short = fc.array(piece, { minLength: 1, maxLength: 6 });
  const long = fc.array(piece, { minLength: 60, maxLength: 80 });
  return fc
    .oneof({ weight: 9, arbitrary: short }, { weight: 1, arbitrary: long })
    .map((pieces) => folderName([...pieces.join('')].filter((char) => !without.includes(char))))
    .filter((name) => !['', '.', '..'].includes(name));
}

/** Returns the part of the text that can be one folder's name. */
function folderName(chars: readonly string[]): string {
  let name = '';
  for (const char of chars) {
    if (char === '/' || char === '\0') continue;
    if (Buffer.byteLength(name + char) > MAX_NAME_BYTES) break;
    name += char;
  }
  return name.toWellFormed();
}
