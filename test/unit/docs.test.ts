/** The words of the repository: links that a reader can follow, and comments that are no riddles. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const files = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n').filter(existsSync);

/** Returns the text without code, whose brackets are no links. */
const withoutCode = (text: string): string => text.replace(/^( *)```[\s\S]*?^\1```/gm, '').replace(/`[^`\n]*`/g, '');

/** Returns the anchors that GitHub gives the headings. */
function anchorsOf(file: string): ReadonlySet<string> {
  const headings = readFileSync(file, 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .matchAll(/^#{1,6} (.+)$/gm);
  const anchors = new Set<string>();
  for (const [, heading = ''] of headings) {
    const plain = heading.toLowerCase().replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const anchor = plain.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let free = anchor;
    for (let n = 1; anchors.has(free); n++) free = `${anchor}-${n}`;
    anchors.add(free);
  }
  return anchors;
}

/** Returns `FILE: LINK` of each link that leads nowhere. */
function deadLinks(file: string): readonly string[] {
  const links = withoutCode(readFileSync(file, 'utf8')).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm);
  return [...links].flatMap(([, inline, reference]) => {
    const link = inline ?? reference ?? '';
    if (/^[a-z]+:/i.test(link)) return [];
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : normalize(join(dirname(file), decodeURIComponent(path)));
    const isDead =
      !existsSync(target) || (anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor));
    return isDead ? [`${file}: ${link}`] : [];
  });
}

const ROOMS = 'cli|core|environment|orchestrator|profiles|redis|team|tmux|vscode|webview';

/** Returns `FILE: PATH` of each path of this repository, alone in backticks, that does not exist. */
function deadPaths(file: string): readonly string[] {
  const paths = readFileSync(file, 'utf8').matchAll(
    /`([\w./-]+\.(?:ts|mjs|lua|json|css)|(?:src|test|docs|media)\/[\w./-]+)`/g,
  );
  return [...paths].flatMap(([, path = '']) => {
    const inSources = new RegExp(`^(?:${ROOMS})/`).test(path);
    if (!inSources && !/^(?:src|test|docs|media)\//.test(path)) return [];
    return existsSync(inSources ? join('src', path) : path) ? [] : [`${file}: ${path}`];
  });
}

/** Returns the comments of a source file that begin with a question word and ask nothing. */
function riddles(file: string): readonly string[] {
  const comments = readFileSync(file, 'utf8').matchAll(/^\s*(?:\/\*\*|\*|\/\/|--) ((?:What|Who|Whoever) .*)$/gm);
  return [...comments].flatMap(([, words = '']) => (words.includes('?') ? [] : [`${file}: ${words}`]));
}

/** Names that only look like settings and commands: files, and a symbol of the code. */
const OTHER_NAMES = ['taco.js', 'taco.sentence', 'taco.toml', 'taco.instructions.md'];

/** Returns the ids that users see in the manifest: settings, commands and views. */
function publicIds(): ReadonlySet<string> {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    contributes: {
      configuration: { properties: object } | readonly { properties: object }[];
      commands: readonly { command: string }[];
      views: Record<string, readonly { id: string }[]>;
    };
  };
  return new Set([
    ...[contributes.configuration].flat().flatMap(({ properties }) => Object.keys(properties)),
    ...contributes.commands.map(({ command }) => command),
    ...Object.values(contributes.views).flatMap((views) => views.flatMap(({ id }) => [id, `${id}.focus`])),
  ]);
}

/** Returns `FILE: NAME` of each setting, command or view in a text that the manifest does not have. */
function unknownIds(file: string, ids: ReadonlySet<string>): readonly string[] {
  const names = readFileSync(file, 'utf8').matchAll(/(?<![\w./*-])taco\.[a-zA-Z]\w*(?:\.[a-zA-Z]\w*)*(?![\w(-])/g);
  return [...names].flatMap(([name]) => (ids.has(name) || OTHER_NAMES.includes(name) ? [] : [`${file}: ${name}`]));
}

describe('the documentation', () => {
  it('has no relative link or anchor that leads nowhere', () => {
    assert.ok(files.length > 15);
    assert.deepEqual(files.flatMap(deadLinks), []);
  });

  it('names only files and folders that exist', () => {
    const named = files.filter((file) => file !== 'CHANGELOG.md' && !file.startsWith('media/'));
    assert.deepEqual(named.flatMap(deadPaths), []);
  });
});

describe('the names of settings and commands', () => {
  it('exist in every text of the manifest, the command line, the documents and the errors', () => {
    const listed = execFileSync('git', ['ls-files', 'src', 'l10n', 'package.nls*.json'], { encoding: 'utf8' });
    // The extension has context keys and types of tree items of its own, which no user sees.
    const texts = listed.split('\n').filter((file) => /\.(?:ts|json)$/.test(file) && !file.startsWith('src/vscode/'));
    const tables = ['src/vscode/manifest/settingsTable.ts'];
    const read = [...files, ...texts, ...tables].filter(existsSync);
    assert.ok(read.length > 400);
    const ids = publicIds();
    assert.ok(ids.has('taco.agent.env') && ids.has('taco.agents.focus'));
    assert.deepEqual(
      read.flatMap((file) => unknownIds(file, ids)),
      [],
    );
  });
});

describe('the comments of the sources', () => {
  it('begin with their subject, and with a question word only in a question', () => {
    const sources = execFileSync('git', ['ls-files', 'src', 'test', 'media'], { encoding: 'utf8' }).trim().split('\n');
    const code = sources.filter((file) => /\.(?:ts|mjs|lua)$/.test(file) && existsSync(file));
    assert.ok(code.length > 800);
    assert.deepEqual(code.flatMap(riddles), []);
  });
});
