import * as vscode from 'vscode';
import { nameKey } from '../../core/base/agentName';
import { errors } from '../../core/errors/errors';
import { TacoError } from '../../core/errors/tacoError';
import type { AgentView } from '../../core/team/snapshot';
import type { CommandDeps } from '../commands/commandDeps';
import { reportError } from '../notifications/reportError';
import { runningProject } from '../project/runningProject';
import { agentTitle } from '../shared/labels';
import { linkRequest } from './parseUri';

/** Opens what one of TACO's URIs names. Never sends or starts anything by itself. */
export class LinkHandler implements vscode.UriHandler {
  constructor(private readonly deps: CommandDeps) {}

  async handleUri({ path, query }: vscode.Uri): Promise<void> {
    try {
      const request = linkRequest(path, query);
      if (!request)
        throw new TacoError(
          'usage',
          vscode.l10n.t('Unknown TACO link: {0}.', path),
          vscode.l10n.t('Valid links: /monitor, /plan, /agent/NAME and /message/NAME?text=….'),
        );
      if (request.kind === 'command') return void (await vscode.commands.executeCommand(request.command));
      const { snapshot } = await runningProject(this.deps);
      const { window } = agentCalled(request.agent, snapshot.agents);
      if (request.kind === 'terminal')
        return void (await vscode.commands.executeCommand('taco.openAgentTerminal', { subject: { window } }));
      await vscode.commands.executeCommand('taco.messageAgent', { subject: { window }, text: request.text });
    } catch (error) {
      await reportError(error, this.deps.logger);
    }
  }
}

/** Finds an agent by its name, in any case, or by its window number. Throws TacoError unknown-agent. */
function agentCalled(name: string, agents: readonly AgentView[]): AgentView {
  const found = agents.find((agent) => nameKey(agentTitle(agent)) === nameKey(name) || `${agent.window}` === name);
  if (!found) throw errors.unknownAgent(name, agents.map(agentTitle));
  return found;
}
