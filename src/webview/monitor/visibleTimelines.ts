import { onThemeChange } from '../shared/theme';
import type { FrameScheduler } from './frameScheduler';
import type { TimelineStrip } from './timeline';

/** Timelines of the agents: each is drawn when it changed and is visible, some in each frame. */
export class VisibleTimelines {
  private readonly strips = new Map<number, TimelineStrip>();
  private readonly byElement = new Map<Element, TimelineStrip>();
  private readonly inSight = new Set<TimelineStrip>();
  private readonly stale = new Set<TimelineStrip>();
  private readonly observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const strip = this.byElement.get(target);
        if (!strip) continue;
        if (!isIntersecting) this.inSight.delete(strip);
        else if (this.inSight.add(strip) && this.stale.has(strip)) this.draw(strip);
      }
    },
    { rootMargin: '100px' },
  );

  constructor(private readonly frames: FrameScheduler) {
    onThemeChange(() => {
      for (const strip of this.strips.values()) this.change(strip);
    });
  }

  /** Sets the strip of a window and forgets the previous strip, which belonged to an agent that is gone. */
  set(window: number, strip: TimelineStrip): void {
    const before = this.strips.get(window);
    if (before) this.forget(before);
    this.strips.set(window, strip);
    this.byElement.set(strip.element, strip);
    this.observer.observe(strip.element);
  }

  show(window: number, letters: string): void {
    const strip = this.strips.get(window);
    if (strip?.show(letters)) this.change(strip);
  }

  private change(strip: TimelineStrip): void {
    this.stale.add(strip);
    if (this.inSight.has(strip)) this.draw(strip);
  }

  private draw(strip: TimelineStrip): void {
    this.frames.put(strip, () => {
      this.stale.delete(strip);
      strip.draw();
    });
  }

  private forget(strip: TimelineStrip): void {
    this.observer.unobserve(strip.element);
    this.byElement.delete(strip.element);
    this.inSight.delete(strip);
    this.stale.delete(strip);
  }
}
