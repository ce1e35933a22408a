/** The page's line to the extension. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

export interface Host<Message, Post extends { readonly type: string }> {
  readonly send: (message: Message) => void;
  /** At most one call in an animation frame for each type of post, with the newest of it. */
  readonly onPost: (listener: (post: Post) => void) => void;
  /** What the page kept across reloads (a filter, say), or null. */
  readonly kept: unknown;
  readonly keep: (state: unknown) => void;
}

export function connect<Message, Post extends { readonly type: string }>(): Host<Message, Post> {
  const api = acquireVsCodeApi();
  return {
    send: (message) => api.postMessage(message),
    onPost(listener) {
      const latest = new Map<string, Post>();
      window.addEventListener('message', (event: MessageEvent<Post>) => {
        const scheduled = latest.size > 0;
        latest.set(event.data.type, event.data);
        if (scheduled) return;
        requestAnimationFrame(() => {
          const posts = [...latest.values()];
          latest.clear();
          for (const post of posts) listener(post);
        });
      });
    },
    get kept() {
      return api.getState() ?? null;
    },
    keep: (state) => api.setState(state),
  };
}
