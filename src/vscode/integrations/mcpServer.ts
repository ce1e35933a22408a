import * as vscode from 'vscode';
import { mcpProvider } from '../manifest/ecosystemContributions';
import type { ProjectHost } from '../project/projectHost';

/** `taco mcp` as VS Code starts it: an argument array and additions to the environment. */
interface StdioServer {
  readonly label: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The part of VS Code's API that came with 1.101, after the oldest version that TACO supports. */
interface McpApi {
  readonly lm: {
    readonly registerMcpServerDefinitionProvider?: (
      id: string,
      provider: {
        readonly onDidChangeMcpServerDefinitions: vscode.Event<void>;
        provideMcpServerDefinitions(): object[];
      },
    ) => vscode.Disposable;
  };
  readonly McpStdioServerDefinition?: new (
    label: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    version: string,
  ) => object;
}

/**
 * Registers TACO's MCP server for the open folder, where the running VS Code supports MCP servers. Its tools act as the
 * user, and VS Code asks before each.
 */
export function registerMcpServer(host: ProjectHost, tacoScript: string, version: string): vscode.Disposable {
  const { lm, McpStdioServerDefinition: Definition } = vscode as unknown as McpApi;
  if (!lm.registerMcpServerDefinitionProvider || !Definition) return new vscode.Disposable(() => undefined);
  const changed = new vscode.EventEmitter<void>();
  let dir = host.project?.dir;
  const registration = registered(() =>
    lm.registerMcpServerDefinitionProvider?.(mcpProvider.id, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => {
        const server = host.project && mcpServer(host.project.dir, tacoScript);
        return server ? [new Definition(server.label, server.command, server.args, server.env, version)] : [];
      },
    }),
  );
  const listener = host.onChange(() => {
    if (host.project?.dir === dir) return;
    dir = host.project?.dir;
    changed.fire();
  });
  return vscode.Disposable.from(changed, registration, listener);
}

/** Registers if possible: 1.100 already has the function as a proposal, which throws when called. */
function registered(register: () => vscode.Disposable | undefined): vscode.Disposable {
  try {
    return register() ?? new vscode.Disposable(() => undefined);
  } catch {
    return new vscode.Disposable(() => undefined);
  }
}

function mcpServer(dir: string, tacoScript: string): StdioServer {
  const home = process.env['TACO_HOME'];
  // On the desktop `process.execPath` is Electron.
  return {
    label: mcpProvider.label,
    command: process.execPath,
    args: [tacoScript, 'mcp', '--project', dir],
    env: { ELECTRON_RUN_AS_NODE: '1', ...(home ? { TACO_HOME: home } : {}) },
  };
}
