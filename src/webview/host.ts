/** The page's line to the extension. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
/** A state that is older than this is not shown first: a page that comes back from being hidden has the one of its beginning. Milliseconds. */
const FRESH_MS = 3000;
declare function acquireVsCodeApi(): VsCodeApi;

export interface Host<Message, Post extends { readonly type: string }> {
  readonly send: (message: Message) => void;
  /** At once with what stands in the page, then at most one call in an animation frame for each type of post, with the newest of it. */
  readonly onPost: (listener: (post: Post) => void) => void;
  /** What the page kept across reloads (a filter, say), or null. */
  readonly kept: unknown;
  readonly keep: (state: unknown) => void;
}

/** @param whole makes a post of each message, in the order in which they come; null: there is nothing to show. */
export function connect<Message, Post extends { readonly type: string }, Sent = Post>(whole: (sent: Sent) => Post | null): Host<Message, Post> {
  const api = acquireVsCodeApi();
  return {
    send: (message) => api.postMessage(message),
    onPost(listener) {
      for (const sent of firstPosts<Sent>()) {
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

/** What the extension has put into the page, so that nothing is waited for. */
function firstPosts<Post>(): readonly Post[] {
  const text = document.getElementById('first')?.textContent ?? '';
  const { at, posts } = (text === '' ? { at: 0, posts: [] } : JSON.parse(text)) as { readonly at: number; readonly posts: readonly Post[] };
  return Math.abs(Date.now() - at) < FRESH_MS ? posts : [];
}
