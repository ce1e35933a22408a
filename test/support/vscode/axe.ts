/** Finds accessibility violations of a page: runs axe-core inside the webview of the real VS Code in each theme. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';
import type { StoryWindow } from '../../harness/openStory';

/** Themes of VS Code, and the class of a webview's body in each. */
export const THEMES = {
  light: { name: 'Default Light Modern', body: 'vscode-light' },
  dark: { name: 'Default Dark Modern', body: 'vscode-dark' },
  'hc-dark': { name: 'Default High Contrast', body: 'vscode-high-contrast' },
  'hc-light': { name: 'Default High Contrast Light', body: 'vscode-high-contrast-light' },
} as const;
export type Theme = keyof typeof THEMES;

const source = (): string => readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/** Returns each violation as a line: the rule, the count, the first element and the reason. Empty: none. */
export async function violationsIn(frame: Frame): Promise<readonly string[]> {
  await frame.evaluate(source());
  const { violations } = await frame.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return violations.map(
    ({ id, nodes }) =>
      `${id} × ${nodes.length}: ${nodes
        .slice(0, 3)
        .map(
          ({ html, failureSummary }) => `${html.slice(0, 120)} (${failureSummary?.replace(/\s+/g, ' ').slice(0, 200)})`,
        )
        .join('; ')}`,
  );
}

/** Changes the theme of the window and waits until the page that contains `selector` has it. */
export async function wear({ workbench, workspace }: StoryWindow, theme: Theme, selector: string): Promise<Frame> {
  const { name, body } = THEMES[theme];
  mkdirSync(join(workspace, '.vscode'), { recursive: true });
  writeFileSync(join(workspace, '.vscode', 'settings.json'), JSON.stringify({ 'workbench.colorTheme': name }));
  const frame = await workbench.webview(selector);
  await workbench.eventually(
    async () => (await frame.locator('body').getAttribute('class'))?.split(' ').includes(body) ?? false,
    `the theme ${name}`,
  );
  // VS Code's own colours change with a transition.
  await workbench.page.waitForTimeout(300);
  return frame;
}
