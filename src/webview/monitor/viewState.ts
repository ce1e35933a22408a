/** The user's view settings in the monitor and the messages that match them. Pure. */
import * as l10n from '@vscode/l10n';
import type { Between, MonitorMessage, MonitorMessageRow } from '../../core/webviews/monitorProtocol';

export const GROUPS = {
  all: () => l10n.t('All'),
  open: () => l10n.t('Not finished'),
  stuck: () => l10n.t('Needs a decision'),
  held: () => l10n.t('Held'),
  received: () => l10n.t('Received'),
} as const;
export type Group = keyof typeof GROUPS;
export const VIEWS = {
  list: () => l10n.t('List'),
  sequence: () => l10n.t('Sequence'),
  conversation: () => l10n.t('Conversation'),
} as const;
export type ViewName = keyof typeof VIEWS;
export type Minutes = Extract<MonitorMessage, { type: 'range' }>['minutes'];
export const RANGES: readonly (readonly [Minutes, () => string])[] = [
  [5, () => l10n.t('Last 5 minutes')],
  [30, () => l10n.t('Last 30 minutes')],
  [180, () => l10n.t('Last 3 hours')],
];

/** View settings; all of them survive reloads. */
export interface MonitorView {
  readonly text: string;
  readonly group: Group;
  /** Labels such as `AGENT-4`; '' matches all. */
  readonly one: string;
  readonly other: string;
  readonly view: ViewName;
  readonly minutes: Minutes;
  /** Sections and agents that the user folded or unfolded, by name. */
  readonly folds: Readonly<Record<string, boolean>>;
  /** Time of the last executed reveal request; a recreated webview receives that request again. */
  readonly revealedAt: number;
}

/** Returns the valid part of the stored settings, which may come from an older version. */
export function restoreView(stored: unknown): MonitorView {
  const value = (typeof stored === 'object' && stored !== null ? stored : {}) as Partial<
    Record<keyof MonitorView, unknown>
  >;
  const text = (of: unknown): string => (typeof of === 'string' ? of : '');
  const oneOf = <T extends string>(of: unknown, names: Readonly<Record<T, unknown>>, otherwise: T): T =>
    typeof of === 'string' && Object.hasOwn(names, of) ? (of as T) : otherwise;
  return {
    text: text(value.text),
    group: oneOf(value.group, GROUPS, 'all'),
    one: text(value.one),
    other: text(value.other),
    view: oneOf(value.view, VIEWS, 'list'),
    minutes: RANGES.find(([minutes]) => minutes === value.minutes)?.[0] ?? 5,
    folds: Object.fromEntries(
      Object.entries(typeof value.folds === 'object' && value.folds !== null ? value.folds : {}).filter(
        ([, open]) => typeof open === 'boolean',
      ),
    ),
    revealedAt: typeof value.revealedAt === 'number' ? value.revealedAt : 0,
  };
}

/** Returns the two parties of the conversation; null unless both are selected. */
export function betweenOf({ one, other }: Pick<MonitorView, 'one' | 'other'>): Between | null {
  return one !== '' && other !== '' && one !== other ? [one, other] : null;
}

export function matchesFilter(
  message: MonitorMessageRow,
  { text, group, one, other }: Pick<MonitorView, 'text' | 'group' | 'one' | 'other'>,
): boolean {
  const inGroup =
    group === 'all' ||
    (group === 'stuck' && message.stuck) ||
    (group === 'held' && message.state === 'held') ||
    (group === 'received' && message.state === 'received') ||
    (group === 'open' && message.state !== 'received' && message.state !== 'dropped');
  if (!inGroup || !concerns(message, one, other)) return false;
  const needle = text.trim().toLowerCase();
  return (
    needle === '' ||
    `${message.from} ${message.to} ${message.text} ${message.status} ${message.id}`.toLowerCase().includes(needle)
  );
}

function concerns({ sender, receiver }: MonitorMessageRow, one: string, other: string): boolean {
  const isOf = (party: string): boolean => party === '' || sender === party || receiver === party;
  if (!isOf(one) || !isOf(other)) return false;
  return one === '' || other === '' || one === other || sender !== receiver;
}

export interface Party {
  readonly label: string;
  readonly name: string;
}

export interface SequenceRow {
  readonly message: MonitorMessageRow;
  /** Indices in `parties`. */
  readonly from: number;
  readonly to: number;
}

export interface Sequence {
  readonly parties: readonly Party[];
  readonly rows: readonly SequenceRow[];
}

/** Returns the newest `limit` messages in sending order, and their parties. */
export function sequenceOf(messages: readonly MonitorMessageRow[], limit: number): Sequence {
  const shown = [...messages].sort((a, b) => a.enqueuedAt - b.enqueuedAt).slice(-limit);
  const parties = partiesOf(shown);
  const place = new Map(parties.map(({ label }, index) => [label, index]));
  return {
    parties,
    rows: shown.map((message) => ({
      message,
      from: place.get(message.sender) ?? 0,
      to: place.get(message.receiver) ?? 0,
    })),
  };
}

/** Returns all senders and receivers: the user, Mother, agents by their window, TACO. */
export function partiesOf(messages: readonly MonitorMessageRow[]): readonly Party[] {
  const names = new Map<string, string>();
  for (const { sender, from, receiver, to } of messages) {
    names.set(sender, from);
    names.set(receiver, to);
  }
  return [...names].map(([label, name]) => ({ label, name })).sort((a, b) => rank(a.label) - rank(b.label));
}

function rank(label: string): number {
  const [user, mother, taco] = [-2, -1, 1e6];
  return label === 'USER'
    ? user
    : label === 'MOTHER'
      ? mother
      : label === 'TACO'
        ? taco
        : Number(/\d+$/.exec(label)?.[0] ?? 1e5);
}
