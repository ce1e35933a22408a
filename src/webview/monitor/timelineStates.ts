/** Style and text of the letters of an agent's timeline (`timelineOf` in core). Pure. */
import * as l10n from '@vscode/l10n';

export interface StateStyle {
  readonly word: () => string;
  readonly color: readonly [name: string, fallback: string];
  /** Share of the strip's height; distinguishes the states without colour. */
  readonly height: number;
}

export const STATE_STYLES: Readonly<Record<string, StateStyle>> = {
  i: { word: () => l10n.t('idle'), color: ['charts-green', 'foreground'], height: 0.3 },
  d: { word: () => l10n.t('done'), color: ['charts-green', 'foreground'], height: 0.45 },
  s: { word: () => l10n.t('starting'), color: ['charts-blue', 'foreground'], height: 0.5 },
  b: { word: () => l10n.t('working'), color: ['charts-blue', 'foreground'], height: 0.75 },
  x: { word: () => l10n.t('exited'), color: ['disabledForeground', 'descriptionForeground'], height: 0.1 },
  l: { word: () => l10n.t('at its limit'), color: ['charts-orange', 'foreground'], height: 0.9 },
  n: { word: () => l10n.t('needs you'), color: ['editorWarning-foreground', 'foreground'], height: 1 },
  f: { word: () => l10n.t('failed'), color: ['errorForeground', 'foreground'], height: 1 },
};

/** Splits letters into runs: `iiib` → i × 3, b × 1. */
export function runLengths(
  letters: string,
): readonly { readonly letter: string; readonly from: number; readonly count: number }[] {
  return [...letters.matchAll(/(.)\1*/g)].map((match) => ({
    letter: match[1] ?? '',
    from: match.index,
    count: match[0].length,
  }));
}

/** Returns `working 62 %, idle 38 %`: shares of the known time. */
export function stateShares(letters: string): string {
  const known = [...letters].filter((letter) => STATE_STYLES[letter]);
  const counts = new Map<string, number>();
  for (const letter of known) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const parts = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([letter, count]) => `${STATE_STYLES[letter]?.word()} ${Math.round((count / known.length) * 100)} %`);
  return parts.join(', ') || l10n.t('nothing known yet');
}
