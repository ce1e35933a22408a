import { createRequire } from 'node:module';
import * as vscode from 'vscode';
import { errorMessage } from './core/errors/tacoError';
import { activationTime } from './vscode/activation/activationTime';
import type * as PartsBundle from './vscode/activation/deferredFeatures';
import type * as EngineBundle from './vscode/activation/engineBundle';
import { registerViews } from './vscode/activation/registerViews';
import type { EngineApi } from './vscode/project/engineApi';
import type { ProjectHost } from './vscode/project/projectHost';
import { configureL10n } from './vscode/shared/l10n';

let host: ProjectHost | undefined;

/**
 * Activates the extension. VS Code calls this when it first needs a view, a command or a restored panel of TACO, at the
 * latest when its start has ended. Returns the activation time for the tests.
 */
export function activate(context: vscode.ExtensionContext): { readonly costMs: number } {
  const channel = vscode.window.createOutputChannel('TACO', { log: true });
  context.subscriptions.push(channel);
  try {
    configureL10n();
    host = registerViews(context, channel, { loadBackend, loadParts });
  } catch (error) {
    void showFailure(channel, error);
  }
  return { costMs: activationTime() };
}

/** Loads dist/extension-engine.js: the engine, Redis and zod, in a bundle that is read only when a project opens. */
function loadBackend(): Promise<EngineApi> {
  return Promise.resolve((createRequire(__filename)('./extension-engine.js') as typeof EngineBundle).engineBackend);
}

/** Loads dist/extension-parts.js, the code of commands, pages and editors, on first use. */
function loadParts(): typeof PartsBundle {
  return createRequire(__filename)('./extension-parts.js') as typeof PartsBundle;
}

/** Releases the lease, so that another window can lead at once. tmux, Redis and the agents stay. */
export async function deactivate(): Promise<void> {
  await host?.close();
}

/** Shows a failure, since VS Code itself would only write to its own log. */
async function showFailure(channel: vscode.LogOutputChannel, error: unknown): Promise<void> {
  channel.error(error instanceof Error ? error : String(error));
  const showLog = vscode.l10n.t('Show Log');
  const answer = await vscode.window.showErrorMessage(
    vscode.l10n.t('TACO could not start: {0}', errorMessage(error)),
    showLog,
  );
  if (answer === showLog) channel.show();
}
