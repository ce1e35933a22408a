/** As much of a browser as the pages need to be made, without drawing: for tests that read what a page says. */

export class FakeElement {
  readonly children: (FakeElement | string)[] = [];
  readonly attributes = new Map<string, string>();
  readonly style = { setProperty: () => undefined };
  readonly classList = { toggle: () => false, add: () => undefined };
  readonly dataset = {};
  parent: FakeElement | null = null;
  hidden = false;
  className = '';
  title = '';
  value = '';
  disabled = false;
  checked = false;
  open = true;
  clientWidth = 0;
  clientHeight = 0;
  scrollHeight = 0;
  scrollTop = 0;
  constructor(readonly tag: string) {}

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
    if (name === 'value') this.value = value;
    if (name === 'hidden') this.hidden = true;
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }
  addEventListener(): void {}
  append(...nodes: (FakeElement | string)[]): void {
    for (const node of nodes) this.put(node, this.children.length);
  }
  replaceChildren(...nodes: (FakeElement | string)[]): void {
    this.children.length = 0;
    this.append(...nodes);
  }
  insertBefore(node: FakeElement, before: FakeElement | null): void {
    node.remove();
    this.put(node, before ? this.children.indexOf(before) : this.children.length);
  }
  remove(): void {
    const siblings = this.parent?.children;
    if (siblings) siblings.splice(siblings.indexOf(this), 1);
    this.parent = null;
  }
  contains(): boolean {
    return false;
  }
  matches(): boolean {
    return false;
  }
  querySelector(tag: string): FakeElement | null {
    return this.all().find((element) => element !== this && element.tag === tag) ?? null;
  }
  querySelectorAll(tag: string): FakeElement[] {
    return this.all().filter((element) => element !== this && element.tag === tag);
  }
  get options(): FakeElement[] {
    return this.querySelectorAll('option');
  }
  get firstElementChild(): FakeElement | null {
    return this.elements[0] ?? null;
  }
  get nextElementSibling(): FakeElement | null {
    const siblings = this.parent?.elements ?? [];
    return siblings[siblings.indexOf(this) + 1] ?? null;
  }
  get isConnected(): boolean {
    return true;
  }
  get textContent(): string {
    return this.children.map((child) => (typeof child === 'string' ? child : child.textContent)).join('');
  }
  set textContent(text: string) {
    this.replaceChildren(...(text === '' ? [] : [text]));
  }
  getContext(): null {
    return null;
  }

  /** All that is read or spoken of it and what is in it, the hidden included. */
  said(): readonly string[] {
    const own = ['aria-label', 'title', 'placeholder', 'aria-valuetext'].map((name) => this.attributes.get(name) ?? '');
    return [...own, this.title, ...this.children.flatMap((child) => (typeof child === 'string' ? [child] : child.said()))].filter((text) => text !== '');
  }

  private all(): FakeElement[] {
    return [this, ...this.elements.flatMap((child) => child.all())];
  }
  private get elements(): FakeElement[] {
    return this.children.filter((child) => typeof child !== 'string');
  }
  private put(node: FakeElement | string, at: number): void {
    this.children.splice(at, 0, node);
    if (typeof node !== 'string') node.parent = this;
  }
}

class Observer {
  observe(): void {}
  unobserve(): void {}
}

/** What the script of a page finds when it is run. `first` is the JSON that stands in the page. */
export function fakeBrowser(first: string, language: string): { readonly root: FakeElement; readonly globals: Record<string, unknown> } {
  const byId: Record<string, FakeElement> = { root: new FakeElement('main'), first: new FakeElement('script') };
  byId['first']!.textContent = first;
  const document = {
    documentElement: { lang: language }, body: new FakeElement('body'), activeElement: null,
    createElement: (tag: string) => new FakeElement(tag), createElementNS: (_: string, tag: string) => new FakeElement(tag), getElementById: (id: string) => byId[id] ?? null, addEventListener: () => undefined,
  };
  const globals: Record<string, unknown> = {
    document, navigator: { language }, performance, console, devicePixelRatio: 1,
    HTMLSelectElement: FakeElement, ResizeObserver: Observer, IntersectionObserver: Observer, MutationObserver: Observer,
    addEventListener: () => undefined, dispatchEvent: () => true, CustomEvent: Event, matchMedia: () => new FakeElement('media'), setInterval: () => 0, setTimeout: () => 0, clearTimeout: () => undefined,
    requestAnimationFrame: (run: () => void) => run(), getComputedStyle: () => ({ getPropertyValue: () => '', color: '' }),
    acquireVsCodeApi: () => ({ postMessage: () => undefined, getState: () => null, setState: () => undefined }),
  };
  globals['window'] = globals;
  return { root: byId['root']!, globals };
}
