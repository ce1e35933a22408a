import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { WindowSettings } from '../../../../src/vscode/project/settings';
import type { AgentTerminalLinks } from '../../../../src/vscode/terminals/terminalLinks';
import { windowProject, type WindowProject } from '../../../support/vscode/fakeProject';
import { agent, sampleSnapshot } from '../../../support/vscode/fakeTeam';
import { FakeVscode } from '../../../support/vscode/fakeVscode';

const FILES = [
  'app/[id]/page.tsx',
  'app/(shop)/cart/page.tsx',
  'src/日本語/ファイル.ts',
  'docs/My Notes/list.md',
  'src/naïve.ts',
];

describe("The links in an agent's terminal", () => {
  const vscode = new FakeVscode();
  let back: () => void;
  let window: WindowProject;
  let workspace: string;
  let links: AgentTerminalLinks;
  /** Opened files, with line and column from 0. */
  const opened: (readonly [string, number, number])[] = [];

  before(async () => {
    back = vscode.install();
    vscode.settings.set('taco.terminalLocation', 'panel');
    Object.assign(vscode.api, {
      Position: class {
        constructor(
          readonly line: number,
          readonly character: number,
        ) {}
      },
      Range: class {
        constructor(readonly start: { line: number; character: number }) {}
      },
    });
    Object.assign(vscode.api.window, {
      showTextDocument: async (
        { fsPath }: { fsPath: string },
        { selection: { start } }: { selection: { start: { line: number; character: number } } },
      ) => void opened.push([fsPath, start.line, start.character]),
    });
    workspace = realpathSync(mkdtempSync(join(tmpdir(), 'taco-links-')));
    for (const file of FILES) {
      mkdirSync(dirname(join(workspace, file)), { recursive: true });
      writeFileSync(join(workspace, file), 'one\ntwo\n');
    }
    const api = agent(3, 'api', 'busy', { workspace });
    window = await windowProject(
      vscode,
      () => import('../../../../src/vscode/project/projectHost'),
      async () => [],
      sampleSnapshot({ agents: [agent(0, 'mother', 'idle'), api] }),
    );
    await window.host.require().team();
    const { AgentTerminals } = await import('../../../../src/vscode/terminals/agentTerminals');
    const terminals = new AgentTerminals(window.host);
    terminals.show({ attachArguments: () => ['tmux', 'attach'] }, {} as WindowSettings, { tmux_session: 's' }, api);
    const module = await import('../../../../src/vscode/terminals/terminalLinks');
    links = new module.AgentTerminalLinks(window.host);
  });
  after(() => {
    window.dispose();
    back();
    rmSync(workspace, { recursive: true });
  });

  /** Returns the text of each link in a line. */
  const linked = (line: string): readonly string[] =>
    links
      .provideTerminalLinks({ line, terminal: vscode.terminals[0] } as never)
      .map(({ startIndex, length }) => line.slice(startIndex, startIndex + length));

  for (const file of FILES)
    it(`open the file at its line: ${file}`, async () => {
      const line = `● Read(${file}:12) done`;
      assert.deepEqual(linked(line), [`${file}:12`]);
      const [link] = links.provideTerminalLinks({ line, terminal: vscode.terminals[0] } as never);
      await links.handleTerminalLink(link!);
      assert.deepEqual(opened.at(-1), [join(workspace, file), 11, 0]);
    });

  it('are absent where the path names no file of the agent', () => {
    for (const file of FILES) assert.deepEqual(linked(`see other/${file}:3`), [], file);
  });
});
