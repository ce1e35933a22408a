/** The page's line to the extension. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

export interface Host<Message, Post> {
  readonly send: (message: Message) => void;
  /** At most one call in an animation frame, with the newest post. */
  readonly onPost: (listener: (post: Post) => void) => void;
  /** What the page kept across reloads (a filter, say), or null. */
  readonly kept: unknown;
  readonly keep: (state: unknown) => void;
}

export function connect<Message, Post>(): Host<Message, Post> {
  const api = acquireVsCodeApi();
  return {
    send: (message) => api.postMessage(message),
    onPost(listener) {
      let latest: Post | null = null;
      window.addEventListener('message', (event: MessageEvent<Post>) => {
        const scheduled = latest !== null;
        latest = event.data;
        if (scheduled) return;
        requestAnimationFrame(() => {
          const post = latest;
          latest = null;
          if (post !== null) listener(post);
        });
      });
    },
    get kept() {
      return api.getState() ?? null;
    },
    keep: (state) => api.setState(state),
  };
}
