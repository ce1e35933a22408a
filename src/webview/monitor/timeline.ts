import { h } from '../shared/dom';
import { themeColor } from '../shared/theme';
import { STATE_STYLES, runLengths, stateShares } from './timelineStates';

const HEIGHT = 16;

export interface TimelineStrip {
  readonly element: HTMLCanvasElement;
  /** Says it at once; true when it must be drawn, too. */
  show(letters: string): boolean;
  /** With the colours of now. */
  draw(): void;
}

/** An agent's states over time as bars; said in words for who does not see them. */
export function timelineStrip(name: string): TimelineStrip {
  const canvas = h('canvas', { class: 'strip', role: 'img', 'aria-label': `${name}: ${stateShares('')}` });
  let shown = '';
  return {
    element: canvas,
    show: (letters) => {
      if (letters === shown) return false;
      shown = letters;
      const words = stateShares(letters);
      canvas.setAttribute('aria-label', `${name}: ${words}`);
      canvas.title = words;
      return true;
    },
    draw: () => {
      const scale = window.devicePixelRatio || 1;
      const [width, height] = [Math.round(shown.length * scale), Math.round(HEIGHT * scale)];
      const context = canvas.getContext('2d');
      if (!context) return;
      // Another size makes another picture; the same one is only cleared.
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      context.setTransform(scale, 0, 0, scale, 0, 0);
      const colors = new Map<string, string>(); // asking the theme costs more than a bar
      context.clearRect(0, 0, shown.length, HEIGHT);
      for (const { letter, from, count } of runLengths(shown)) {
        const look = STATE_STYLES[letter];
        if (!look) continue;
        if (!colors.has(letter)) colors.set(letter, themeColor(...look.color));
        context.fillStyle = colors.get(letter) ?? '';
        const bar = Math.max(1, Math.round(HEIGHT * look.height));
        context.fillRect(from, HEIGHT - bar, count, bar);
      }
    },
  };
}
