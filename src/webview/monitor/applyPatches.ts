/** Builds whole posts from patches, since the extension mostly sends only changes. Pure. */
import type { ListPatch } from '../../core/webviews/listPatch';
import type { MonitorPatch, MonitorPost, MonitorPosts } from '../../core/webviews/monitorProtocol';

/** Unchanged rows remain the same objects, so that they are not drawn again. */
export class SnapshotAssembler {
  private latest: MonitorPost | null = null;

  /** @param onGap called when a patch does not fit the present state and a whole post is required */
  constructor(private readonly onGap: () => void) {}

  take(sent: MonitorPosts | MonitorPatch): MonitorPosts | null {
    if (sent.type === 'monitor') return (this.latest = sent);
    if (sent.type !== 'monitor-patch') return sent;
    if (this.latest?.seq !== sent.from) {
      this.onGap();
      return null;
    }
    return (this.latest = patched(this.latest, sent));
  }
}

function patched(before: MonitorPost, patch: MonitorPatch): MonitorPost {
  const {
    seq,
    now,
    connected,
    session = before.session,
    activity = before.activity,
    requests = before.requests,
  } = patch;
  return {
    type: 'monitor',
    seq,
    now,
    connected,
    session,
    activity,
    requests,
    agents: rows(before.agents, patch.agents, ({ window }) => window),
    messages: rows(before.messages, patch.messages, ({ id }) => id),
    services: rows(before.services, patch.services, ({ name }) => name),
  };
}

function rows<T>(
  before: readonly T[],
  patch: ListPatch<T> | undefined,
  keyOf: (row: T) => string | number,
): readonly T[] {
  if (!patch) return before;
  const known = new Map([...before, ...patch.changed].map((row) => [keyOf(row), row]));
  return (patch.order ?? before.map(keyOf)).flatMap((key) => known.get(key) ?? []);
}
