/** Channel from a webview to the extension. */
import { configureL10n } from './l10n';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
/**
 * Maximum age of the embedded state that is shown first, milliseconds. A webview that was hidden and returns has its
 * original state embedded.
 */
const FRESH_MS = 3000;
declare function acquireVsCodeApi(): VsCodeApi;

export interface ExtensionChannel<Message, Post extends { readonly type: string }> {
  readonly send: (message: Message) => void;
  /**
   * Calls the listener at once with the embedded state. Later it calls it at most once per animation frame for each
   * type of post, with the newest post.
   */
  readonly onPost: (listener: (post: Post) => void) => void;
  /** State that the webview stored across reloads (a filter, for example), or null. */
  readonly state: unknown;
  readonly keep: (state: unknown) => void;
}

/**
 * Connects to the extension; each webview calls it first, because it also sets the user's language.
 * @param whole makes a post of each received message, in order of arrival; null: nothing to show
 */
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
    get state() {
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

/** Reads the state that the extension embedded in the HTML, so that the first paint waits for nothing. */
function firstState<Post>(): FirstState<Post> {
  const text = document.getElementById('first')?.textContent ?? '';
  return text === '' ? { at: 0, posts: [] } : (JSON.parse(text) as FirstState<Post>);
}
