import { createRequire } from 'node:module';
import * as vscode from 'vscode';
import { errorMessage } from './core/base/errors';
import { activationTime } from './vscode/activation/activationTime';
import type * as PartsBundle from './vscode/activation/deferredFeatures';
import type * as EngineBundle from './vscode/activation/engineBundle';
import { registerViews } from './vscode/activation/registerViews';
import type { EngineApi } from './vscode/project/engineApi';
import type { ProjectHost } from './vscode/project/projectHost';
import { configureL10n } from './vscode/shared/l10n';

let host: ProjectHost | undefined;

/** VS Code calls this when a view, a command or a restored panel of ours is first needed, at the latest when its start is over. What it costs is told for the tests. */
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

/** dist/extension-engine.js: the engine, Redis and zod, a bundle of its own that is read only when a project is opened. */
function loadBackend(): Promise<EngineApi> {
  return Promise.resolve((createRequire(__filename)('./extension-engine.js') as typeof EngineBundle).engineBackend);
}

/** dist/extension-parts.js: what the commands, pages and editors need; read when one of them does. */
function loadParts(): typeof PartsBundle {
  return createRequire(__filename)('./extension-parts.js') as typeof PartsBundle;
}

/** Releases the lease, so that another window can lead at once. tmux, Redis and the agents stay. */
export async function deactivate(): Promise<void> {
  await host?.close();
}

/** VS Code itself would only write to a log that nobody reads. */
async function showFailure(channel: vscode.LogOutputChannel, error: unknown): Promise<void> {
  channel.error(error instanceof Error ? error : String(error));
  const showLog = vscode.l10n.t('Show Log');
  const answer = await vscode.window.showErrorMessage(
    vscode.l10n.t('TACO could not start: {0}', errorMessage(error)),
    showLog,
  );
  if (answer === showLog) channel.show();
}
