/** DOM helpers of both webviews. Text is always set as text, never as HTML, because agents write it. */

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | ((event: Event) => void) | undefined>>;

/**
 * Creates an element. `class`, ARIA and data attributes are set by name, `onclick` and the like become listeners, and
 * `false` omits one.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';
export function svg(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  append(element, children);
  return element;
}

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) if (child !== null && child !== undefined && child !== false) parent.append(child);
}

/** Sets the text only if it differs, so that screen readers and selections are not disturbed. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setVisible(element: HTMLElement, shown: boolean): void {
  if (element.hidden === shown) element.hidden = !shown;
}

interface Keyed<T> {
  readonly element: HTMLElement;
  readonly update: (item: T) => void;
}

/**
 * A list whose elements are reused by key. Unchanged items are not touched, so focus and scroll position survive. An
 * item that is the same object is unchanged.
 */
export class KeyedList<T> {
  private readonly rows = new Map<string, Keyed<T> & { shown?: T }>();
  constructor(
    private readonly parent: HTMLElement,
    private readonly keyOf: (item: T) => string,
    private readonly make: (item: T) => Keyed<T>,
    /** An element before the first item. */
    private readonly head: Element | null = null,
  ) {}

  show(items: readonly T[]): void {
    const wanted = new Set(items.map((item) => this.keyOf(item)));
    for (const [key, row] of this.rows) {
      if (wanted.has(key)) continue;
      row.element.remove();
      this.rows.delete(key);
    }
    let previous: Element | null = this.head;
    for (const item of items) {
      const key = this.keyOf(item);
      let row = this.rows.get(key);
      if (!row) this.rows.set(key, (row = this.make(item)));
      if (row.shown !== item) row.update(item);
      row.shown = item;
      const place: Element | null = previous ? previous.nextElementSibling : this.parent.firstElementChild;
      if (place !== row.element) this.parent.insertBefore(row.element, place);
      previous = row.element;
    }
  }
}
