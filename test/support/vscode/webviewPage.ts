/** A page that runs without a browser: VS Code would get the same document and script, but nothing is drawn. */
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { Window } from 'happy-dom';
import { webviewHtml, type WebviewHtmlParts } from '../../../src/vscode/webviews/webviewHtml';

class Observer {
  observe(): void {}
  unobserve(): void {}
}

/** The members of an element that tests read: the tests have no browser types. */
export interface PageElement {
  readonly hidden: boolean;
  readonly nodeType: number;
  readonly textContent: string | null;
  readonly childNodes: Iterable<PageElement>;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  click(): void;
}

interface PageDocument {
  getElementById(id: string): PageElement;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

export interface RunPage {
  readonly root: PageElement;
  /** The messages that the page has sent to the extension. */
  readonly sent: readonly unknown[];
  /** Delivers a post of the extension, so that the page draws it. */
  post(post: unknown): void;
}

/** Returns the page's bundled script. */
export async function scriptOf(page: 'monitor' | 'planReview'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`src/webview/${page}/main.ts`],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/** Runs the scripts of the document. */
export function openPage(parts: Pick<WebviewHtmlParts, 'script' | 'first'> & Partial<WebviewHtmlParts>): RunPage {
  const window = new Window();
  window.document.write(webviewHtml({ language: 'en', title: 'TACO', nonce: 'x', styles: [], ...parts }));
  const document = window.document as unknown as PageDocument;
  const listeners = new Map<string, ((event: object) => void)[]>();
  const sent: unknown[] = [];
  const globals: Record<string, unknown> = {
    document,
    navigator: { language: 'en' },
    performance,
    console,
    devicePixelRatio: 1,
    HTMLSelectElement: window.HTMLSelectElement,
    ResizeObserver: Observer,
    IntersectionObserver: Observer,
    MutationObserver: Observer,
    addEventListener: (type: string, listener: (event: object) => void) =>
      listeners.set(type, [...(listeners.get(type) ?? []), listener]),
    dispatchEvent: () => true,
    CustomEvent: Event,
    matchMedia: () => ({ addEventListener: () => undefined }),
    setInterval: () => 0,
    setTimeout: () => 0,
    clearTimeout: () => undefined,
    requestAnimationFrame: (run: () => void) => run(),
    getComputedStyle: () => ({ getPropertyValue: () => '', color: '' }),
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => sent.push(structuredClone(message)),
      getState: () => null,
      setState: () => undefined,
    }),
  };
  globals['window'] = globals;
  for (const script of document.querySelectorAll('script[nonce]')) runInNewContext(script.textContent ?? '', globals);
  return {
    root: document.getElementById('root'),
    sent,
    post: (data) => listeners.get('message')?.forEach((listener) => listener({ data })),
  };
}

/** Returns all visible and spoken texts of an element and its content, the hidden ones included. */
export function saidIn(element: PageElement): readonly string[] {
  const own = ['aria-label', 'title', 'placeholder', 'aria-valuetext'].map((name) => element.getAttribute(name) ?? '');
  const inner = [...element.childNodes].flatMap((child) =>
    child.nodeType === 1 ? saidIn(child) : [child.textContent ?? ''],
  );
  return [...own, ...inner].filter((text) => text.trim() !== '');
}
