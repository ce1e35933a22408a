/** The rows of the Changes view, pure. No `vscode` here. */
import type { ChangedFile } from '../../orchestrator/changes';
import type { ChangeRoot } from './changesModel';

/** One row; `file` is absent on a tree's own row. */
export interface ChangeRow {
  readonly root: ChangeRoot;
  readonly file?: ChangedFile;
}

/** Whose changes these are; where several agents share a folder nobody can tell, and the row says so. */
export function rootLabel({ agents, own }: Pick<ChangeRoot, 'agents' | 'own'>): string {
  const [only] = agents;
  if (own && only) return only.name;
  return 'Project folder';
}

export function rootDescription({ agents, own, changes }: Pick<ChangeRoot, 'agents' | 'own' | 'changes'>): string {
  const count = changes.files.length === 0 ? 'no changes' : `${changes.files.length} ${changes.files.length === 1 ? 'file' : 'files'}`;
  if (own) return count;
  const names = agents.map(({ name }) => name);
  return names.length === 1 ? `${count} · ${names.join()} and you work here` : `${count} · shared by ${names.join(', ')}: whose change it is cannot be told`;
}

const LETTERS: Readonly<Record<ChangedFile['kind'], string>> = { added: 'A', changed: 'M', deleted: 'D', renamed: 'R' };

export function fileDescription({ path, kind, added, removed, basePath }: ChangedFile): string {
  const folder = path.split('/').slice(0, -1).join('/');
  const numbers = added === null && removed === null ? '' : `+${added ?? 0} −${removed ?? 0}`;
  return [LETTERS[kind], numbers, kind === 'renamed' ? `was ${basePath}` : '', folder].filter(Boolean).join(' · ');
}

export function fileSpoken({ path, kind, added, removed }: ChangedFile): string {
  return `${path}, ${kind}${added === null ? '' : `, ${added} lines added, ${removed ?? 0} removed`}`;
}

/** The file `step` further in the order that the view shows, round the end. */
export function neighbour(files: readonly ChangedFile[], file: string, step: 1 | -1): ChangedFile | undefined {
  if (files.length === 0) return undefined;
  const at = files.findIndex((each) => each.file === file);
  if (at === -1) return files[step === 1 ? 0 : files.length - 1];
  return files[(at + step + files.length) % files.length];
}
