/** The page's line to the extension. */
import { configureL10n } from './l10n';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
/** A state that is older than this is not shown first: a page that comes back from being hidden has the one of its beginning. Milliseconds. */
const FRESH_MS = 3000;
declare function acquireVsCodeApi(): VsCodeApi;

export interface ExtensionChannel<Message, Post extends { readonly type: string }> {
  readonly send: (message: Message) => void;
  /** At once with what stands in the page, then at most one call in an animation frame for each type of post, with the newest of it. */
  readonly onPost: (listener: (post: Post) => void) => void;
  /** What the page kept across reloads (a filter, say), or null. */
  readonly kept: unknown;
  readonly keep: (state: unknown) => void;
}

/** The first thing that a page does: from then on it speaks the person's language. @param whole makes a post of each message, in the order in which they come; null: there is nothing to show. */
export function connect<Message, Post extends { readonly type: string }, Sent = Post>(
  whole: (sent: Sent) => Post | null,
): ExtensionChannel<Message, Post> {
  const api = acquireVsCodeApi();
  const { at, posts, bundle } = firstState<Sent>();
  configureL10n(bundle, document.documentElement.lang);
  return {
    send: (message) => api.postMessage(message),
    onPost(listener) {
      for (const sent of Math.abs(Date.now() - at) < FRESH_MS ? posts : []) {
        const post = whole(sent);
        if (post) listener(post);
      }
      const latest = new Map<string, Post>();
      window.addEventListener('message', ({ data }: MessageEvent<Sent>) => {
        const post = whole(data);
        if (!post) return;
        const scheduled = latest.size > 0;
        latest.set(post.type, post);
        if (scheduled) return;
        requestAnimationFrame(() => {
          const posts = [...latest.values()];
          latest.clear();
          for (const each of posts) listener(each);
        });
      });
    },
    get kept() {
      return api.getState() ?? null;
    },
    keep: (state) => api.setState(state),
  };
}

interface FirstState<Post> {
  readonly at: number;
  readonly posts: readonly Post[];
  readonly bundle?: Readonly<Record<string, string>>;
}

/** What the extension has put into the page, so that nothing is waited for. */
function firstState<Post>(): FirstState<Post> {
  const text = document.getElementById('first')?.textContent ?? '';
  return text === '' ? { at: 0, posts: [] } : (JSON.parse(text) as FirstState<Post>);
}
