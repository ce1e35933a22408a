import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import * as vscode from 'vscode';
import { labelOfWindow } from '../../core/messages/address';
import type { AgentView } from '../../core/team/snapshot';
import type { ProjectHost } from '../project/projectHost';
import { isMother } from '../shared/labels';
import { windowShownBy } from './agentTerminals';
import type { FoundLink } from './findLinks';
import { findLinks } from './findLinks';

interface AgentLink extends vscode.TerminalLink {
  readonly open: () => Thenable<unknown>;
}

/**
 * Opens paths in TACO's terminals relative to the agent's folder (VS Code would search below the workspace). Agents'
 * names open their terminals.
 */
export class AgentTerminalLinks implements vscode.TerminalLinkProvider<AgentLink> {
  constructor(private readonly host: ProjectHost) {}

  provideTerminalLinks({ line, terminal }: vscode.TerminalLinkContext): AgentLink[] {
    const shown = windowShownBy(terminal);
    const { snapshot } = this.host.state;
    const agent = snapshot?.agents.find(({ window }) => window === shown);
    if (!agent || !snapshot) return [];
    const byWord = new Map(
      snapshot.agents
        .filter(({ window }) => window !== shown)
        .flatMap((each) => namesOf(each).map((name) => [name, each] as const)),
    );
    const isFile = (path: string): boolean => existsSync(pathOf(agent, path));
    return findLinks(line, [...byWord.keys()], isFile).flatMap((link) => this.linkOf(link, agent, byWord));
  }

  async handleTerminalLink(link: AgentLink): Promise<void> {
    await link.open();
  }

  private linkOf(
    { start, length, target }: FoundLink,
    agent: AgentView,
    byWord: ReadonlyMap<string, AgentView>,
  ): AgentLink[] {
    if (target.kind === 'agent') {
      const other = byWord.get(target.name);
      if (!other) return [];
      const open = (): Thenable<unknown> =>
        vscode.commands.executeCommand('taco.openAgentTerminal', { subject: { window: other.window } });
      return [{ startIndex: start, length, tooltip: vscode.l10n.t('Open the terminal of {0}', target.name), open }];
    }
    const file = pathOf(agent, target.path);
    const uri = vscode.Uri.file(file);
    const facts = statSync(file, { throwIfNoEntry: false });
    if (!facts) return [];
    if (facts.isDirectory())
      return [
        {
          startIndex: start,
          length,
          tooltip: vscode.l10n.t('Reveal in Explorer'),
          open: () => vscode.commands.executeCommand('revealInExplorer', uri),
        },
      ];
    const position = new vscode.Position(Math.max(0, target.line - 1), Math.max(0, target.column - 1));
    return [
      {
        startIndex: start,
        length,
        tooltip: vscode.l10n.t('Open the file of {0}', agent.name),
        open: () => vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position) }),
      },
    ];
  }
}

/** Returns the file that an agent means by a path, relative to its workspace. */
function pathOf(agent: AgentView, path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(agent.workspace, path);
}

/** Returns `Mother` and `MOTHER`, or `api` and `AGENT-2`. */
function namesOf(agent: AgentView): readonly string[] {
  return isMother(agent) ? ['Mother'] : [agent.name, labelOfWindow(agent.window)];
}
