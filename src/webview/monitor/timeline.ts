import { h } from '../shared/dom';
import { themeColor } from '../shared/theme';
import { STATE_STYLES, runLengths, stateShares } from './timelineStates';

const HEIGHT = 16;

export interface TimelineStrip {
  readonly element: HTMLCanvasElement;
  /** Updates the spoken text at once; true when the strip must be drawn again. */
  show(letters: string): boolean;
  /** Draws with the current theme colours. */
  draw(): void;
}

/** Creates the bars of an agent's states over time, with a text for screen readers. */
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
      // The canvas is resized only if its size changed; otherwise it is only cleared.
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      context.setTransform(scale, 0, 0, scale, 0, 0);
      const colors = new Map<string, string>(); // reading a theme colour costs more than drawing a bar
      context.clearRect(0, 0, shown.length, HEIGHT);
      for (const { letter, from, count } of runLengths(shown)) {
        const style = STATE_STYLES[letter];
        if (!style) continue;
        if (!colors.has(letter)) colors.set(letter, themeColor(...style.color));
        context.fillStyle = colors.get(letter) ?? '';
        const bar = Math.max(1, Math.round(HEIGHT * style.height));
        context.fillRect(from, HEIGHT - bar, count, bar);
      }
    },
  };
}
