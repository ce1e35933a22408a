/** Pure functions for the rows of the Changes view, without `vscode`. */
import * as l10n from '@vscode/l10n';
import type { LazyLabel } from '../../core/base/localizedText';
import type { PullRequest } from '../../core/proof/pullRequest';
import type { ChangedFile } from '../../environment/git/changes';
import { conflictWord, proofWord } from '../shared/proofLabel';
import { pullRequestWord } from '../shared/pullRequestLabel';
import type { ChangeRoot } from './changesModel';

/** One row; `file` is absent on the row of a working tree. */
export interface ChangeRow {
  readonly root: ChangeRoot;
  readonly file?: ChangedFile;
}

/** Returns the label of the agents who made these changes. When several agents share a folder, the label says so. */
export function rootLabel({ agents, own }: Pick<ChangeRoot, 'agents' | 'own'>): string {
  const [only] = agents;
  if (own && only) return only.name;
  return l10n.t('Project folder');
}

/** @param pullRequest of the only agent; undefined when none is known */
export function rootDescription(
  { agents, own, changes }: Pick<ChangeRoot, 'agents' | 'own' | 'changes'>,
  pullRequest?: PullRequest,
): string {
  const { length } = changes.files;
  const count = length === 0 ? l10n.t('no changes') : length === 1 ? l10n.t('1 file') : l10n.t('{0} files', length);
  const [only] = agents;
  if (own)
    return [count, only && proofWord(only), only && conflictWord(only), pullRequest && pullRequestWord(pullRequest)]
      .filter(Boolean)
      .join(' · ');
  const names = agents.map(({ name }) => name);
  const whose =
    names.length === 1
      ? l10n.t('{0} and you work in this folder', names.join())
      : l10n.t('shared by {0}: changes cannot be attributed', names.join(', '));
  return `${count} · ${whose}`;
}

const LETTERS: Readonly<Record<ChangedFile['kind'], string>> = { added: 'A', changed: 'M', deleted: 'D', renamed: 'R' };

export function fileDescription({ path, kind, added, removed, basePath }: ChangedFile): string {
  const folder = path.split('/').slice(0, -1).join('/');
  const numbers = added === null && removed === null ? '' : `+${added ?? 0} −${removed ?? 0}`;
  return [LETTERS[kind], numbers, kind === 'renamed' ? l10n.t('was {0}', basePath) : '', folder]
    .filter(Boolean)
    .join(' · ');
}

const kindWords: Readonly<Record<ChangedFile['kind'], LazyLabel>> = {
  added: (say) => say('added'),
  changed: (say) => say('changed'),
  deleted: (say) => say('deleted'),
  renamed: (say) => say('renamed'),
};

export function fileSpoken({ path, kind, added, removed }: ChangedFile): string {
  const what = `${path}, ${kindWords[kind](l10n.t)}`;
  return added === null ? what : l10n.t('{0}, {1} lines added, {2} removed', what, added, removed ?? 0);
}

/** Returns the file `step` further in the order of the view; wraps around at the end. */
export function neighbour(files: readonly ChangedFile[], file: string, step: 1 | -1): ChangedFile | undefined {
  if (files.length === 0) return undefined;
  const at = files.findIndex((each) => each.file === file);
  if (at === -1) return files[step === 1 ? 0 : files.length - 1];
  return files[(at + step + files.length) % files.length];
}

/** Returns the paths, below the top of either tree, that one of two trees changed, in the order of the view. */
export function comparedPaths(one: readonly ChangedFile[], other: readonly ChangedFile[]): readonly string[] {
  return [...new Set([...one, ...other].flatMap(({ path, basePath }) => [path, basePath]))].sort();
}
