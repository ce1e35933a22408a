import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  commands,
  contextKeys,
  viewItemMenu,
  views,
  viewTitleMenu,
  type CommandContribution,
} from '../../../../src/vscode/manifest/contributions';
import { editorMenus, keybindings } from '../../../../src/vscode/manifest/editorContributions';
import { manifest } from '../../../../src/vscode/manifest/manifest';
import type { SettingContribution } from '../../../../src/vscode/manifest/settingContribution';
import { settings } from '../../../../src/vscode/manifest/settingsTable';
import { walkthroughSteps } from '../../../../src/vscode/manifest/walkthrough';
import { spokenBundle } from '../../../support/vscode/collectL10nStrings';

/** `UPDATE_MANIFEST=1` writes the content of the tables into package.json and package.nls.json. */
const update = process.env['UPDATE_MANIFEST'] === '1';

function read(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

describe('The manifest', () => {
  const wanted = manifest();

  before(() => {
    if (!update) return;
    writeFileSync('package.json', `${JSON.stringify({ ...read('package.json'), ...wanted.package }, null, 2)}\n`);
    writeFileSync('package.nls.json', `${JSON.stringify(wanted.nls, null, 2)}\n`);
    writeFileSync('l10n/bundle.l10n.json', `${JSON.stringify(spokenBundle(), null, 2)}\n`);
  });

  for (const part of Object.keys(wanted.package)) {
    it(`has ${part} in package.json exactly as in the typed tables`, () => {
      assert.deepEqual(read('package.json')[part], JSON.parse(JSON.stringify(wanted.package[part])));
    });
  }

  it('has every string that package.json names by %key%, and no other', () => {
    const named = [...readFileSync('package.json', 'utf8').matchAll(/%([^%"]+)%/g)].map((match) => match[1]);
    assert.deepEqual(Object.keys(read('package.nls.json')).sort(), [...new Set(named)].sort());
    assert.deepEqual(read('package.nls.json'), wanted.nls);
  });

  it('comes with a bundle that contains every string of the code, for translators', () => {
    assert.deepEqual(read('l10n/bundle.l10n.json'), spokenBundle());
    assert.ok(Object.keys(spokenBundle()).length > 30);
  });

  it('gives every command an icon that is a codicon name, and a title without its category', () => {
    for (const [id, { icon, title }] of Object.entries(commands)) {
      assert.match(icon, /^[a-z-]+$/, id);
      assert.doesNotMatch(title, /TACO/, id);
    }
  });

  it('links every button of a welcome text and of the walkthrough to an existing command', () => {
    const links = Object.values(wanted.nls).flatMap((text) =>
      [...text.matchAll(/\(command:([\w.]+)/g)].map((match) => match[1] ?? ''),
    );
    assert.ok(links.length > 15);
    for (const id of links) assert.ok(id in commands || /^(workbench|vscode)\./.test(id), id);
  });

  it('has a walkthrough of at most five steps, each with a text, that complete themselves', () => {
    assert.ok(walkthroughSteps.length <= 5);
    for (const { id, done } of walkthroughSteps) {
      assert.ok(existsSync(`media/walkthrough/${id}.md`), id);
      const named = /^onCommand:(.*)|^onContext:([\w.]+)/.exec(done);
      assert.ok((named?.[1] ?? '') in commands || contextKeys.some((key) => key === named?.[2]), done);
    }
  });

  it('gives every command an icon, a category and an enablement as VS Code reads them', () => {
    const { commands: declared } = read('package.json')['contributes'] as { commands: Record<string, string>[] };
    assert.deepEqual(declared.map(({ command }) => command).sort(), Object.keys(commands).sort());
    for (const { command, category, icon, enablement } of declared) {
      assert.equal(category, 'TACO', command);
      assert.match(icon ?? '', /^\$\([a-z-]+\)$/, command);
      // Commands that help the user to a first or another team, or belong to one comment, can always run.
      const always =
        /^taco\.(showLog|runDoctor|setRedisPassword|refresh|switchProject|getStarted|install|\w+ReviewComment)$/.test(
          command ?? '',
        );
      assert.ok(enablement !== undefined || always, `${command} can be run in any state`);
    }
  });

  it('makes every command reachable by keyboard: palette, menu, comment button or welcome text', () => {
    // A button beside a row is for the pointer; Shift+F10 opens the row's menu.
    const forKeys = Object.entries({
      ...editorMenus,
      'view/title': [...viewTitleMenu, ...(editorMenus['view/title'] ?? [])],
      'view/item/context': [...viewItemMenu, ...(editorMenus['view/item/context'] ?? [])],
    }).flatMap(([menu, entries]) =>
      entries.filter(({ group }) => menu.startsWith('comments/') || !group.startsWith('inline')),
    );
    const inMenus = new Set(forKeys.map(({ command }) => command));
    const welcomed = readFileSync('package.nls.json', 'utf8');
    for (const [id, { palette }] of Object.entries(commands) as [keyof typeof commands, CommandContribution][]) {
      assert.ok(palette || inMenus.has(id) || welcomed.includes(`command:${id}`), `${id} cannot be reached`);
    }
  });

  it("offers the buttons of a row also in the row's context menu", () => {
    const rows = [...viewItemMenu, ...(editorMenus['view/item/context'] ?? [])];
    for (const { command, when } of rows.filter(({ group }) => group.startsWith('inline'))) {
      assert.ok(
        rows.some((other) => other.command === command && other.when === when && !other.group.startsWith('inline')),
        `${command} when ${when}`,
      );
    }
  });

  it('uses in its conditions only existing context keys, views and controllers', () => {
    const known = new Set<string>([...contextKeys, ...Object.keys(views), 'taco.review']);
    const conditions =
      JSON.stringify([read('package.json')['contributes']]).match(/"(when|enablement)":"(?:[^"\\]|\\.)*"/g) ?? [];
    assert.ok(conditions.length > 80);
    for (const condition of conditions)
      for (const name of condition.match(/\btaco\.\w+/g) ?? []) assert.ok(known.has(name), `${name} in ${condition}`);
  });

  it('binds keys only to its own commands, each key once, and none while no team works', () => {
    assert.equal(new Set(keybindings.map(({ key }) => key)).size, keybindings.length);
    for (const { command, when } of keybindings) {
      assert.ok(command in commands, command);
      assert.match(when, /taco\.session == 'active'/, command);
    }
  });

  it('gives every setting a scope, a description and a default of its type', () => {
    for (const [id, { type, default: value, description, scope }] of Object.entries(settings) as [
      string,
      SettingContribution,
    ][]) {
      assert.equal(Array.isArray(value) ? 'array' : typeof value, type, id);
      assert.ok(description.endsWith('.') && scope !== 'resource', id);
    }
  });

  it('restricts every setting that names something to run or to connect to until the workspace is trusted', () => {
    const { untrustedWorkspaces } = wanted.package['capabilities'] as {
      untrustedWorkspaces: { restrictedConfigurations: string[] };
    };
    for (const id of [
      'taco.redisUrl',
      'taco.tmux.command',
      'taco.agent.command',
      'taco.agent.env',
      'taco.worktreeSetup',
      'taco.check',
      'taco.mergeCheck',
      'taco.mergeMethod',
      'taco.mergeWhenProven',
      'taco.pullRequests',
      'taco.checkMinutes',
      'taco.profiles',
    ])
      assert.ok(untrustedWorkspaces.restrictedConfigurations.includes(id), id);
  });
});
