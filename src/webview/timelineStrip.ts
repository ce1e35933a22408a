import { h } from './dom';
import { themeColor } from './theme';
import { LOOKS, runsOf, sharesOf } from './timelineLetters';

const HEIGHT = 16;

export interface TimelineStrip {
  readonly element: HTMLCanvasElement;
  show(letters: string): void;
  /** With the colours of now. */
  redraw(): void;
}

/** An agent's states over time as bars; said in words for who does not see them. */
export function timelineStrip(name: string): TimelineStrip {
  const canvas = h('canvas', { class: 'strip', role: 'img', 'aria-label': `${name}: nothing known yet` });
  let shown = '';
  const draw = (): void => {
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.round(shown.length * scale);
    canvas.height = Math.round(HEIGHT * scale);
    const context = canvas.getContext('2d');
    if (!context) return;
    context.scale(scale, scale);
    for (const { letter, from, count } of runsOf(shown)) {
      const look = LOOKS[letter];
      if (!look) continue;
      context.fillStyle = themeColor(...look.color);
      const height = Math.max(1, Math.round(HEIGHT * look.height));
      context.fillRect(from, HEIGHT - height, count, height);
    }
  };
  return {
    element: canvas,
    show: (letters) => {
      if (letters === shown) return;
      shown = letters;
      draw();
      const words = sharesOf(letters);
      canvas.setAttribute('aria-label', `${name}: ${words}`);
      canvas.title = words;
    },
    redraw: draw,
  };
}
