/**
 * Makes the parts of package.json that VS Code reads, and package.nls.json, from the typed tables. Only the drift test
 * uses it.
 */
import type { CommandContribution, MenuContribution, ViewContribution } from './contributions';
import { commands, container, panels, viewItemMenu, viewTitleMenu, views, welcome } from './contributions';
import {
  languageModelTools,
  mcpProvider,
  terminalProfile,
  type LanguageModelToolContribution,
} from './ecosystemContributions';
import { editorMenus, keybindings } from './editorContributions';
import type { SettingContribution } from './settingContribution';
import { settings } from './settingsTable';
import { WALKTHROUGH, walkthroughSteps } from './walkthrough';

/** Collects the English strings behind the `%keys%` of package.json. */
class Strings {
  readonly entries: Record<string, string> = {};
  key(name: string, english: string): string {
    this.entries[name] = english;
    return `%${name}%`;
  }
}

export interface Manifest {
  readonly package: Record<string, unknown>;
  readonly nls: Record<string, string>;
}

export function manifest(): Manifest {
  const strings = new Strings();
  return {
    package: {
      // The first one: a running team needs a leader even when no view is open (docs/decisions.md).
      activationEvents: [
        'onStartupFinished',
        ...panels.map((panel) => `onWebviewPanel:${panel}`),
        `onWalkthrough:${WALKTHROUGH}`,
        'onUri',
      ],
      capabilities: {
        untrustedWorkspaces: {
          supported: 'limited',
          description: strings.key(
            'untrusted',
            'Nothing is launched, and no Redis or tmux is started, until you trust the workspace.',
          ),
          restrictedConfigurations: Object.entries(settings)
            .filter(([, setting]) => setting.restricted)
            .map(([id]) => id),
        },
        virtualWorkspaces: {
          supported: false,
          description: strings.key('virtual', 'Agents need a folder on a real disk.'),
        },
      },
      extensionKind: ['workspace'],
      l10n: './l10n',
      contributes: contributes(strings),
    },
    nls: strings.entries,
  };
}

function contributes(strings: Strings): Record<string, unknown> {
  const commandList: readonly (readonly [string, CommandContribution])[] = Object.entries(commands);
  return {
    viewsContainers: { activitybar: [{ id: container.id, title: container.title, icon: container.icon }] },
    views: {
      [container.id]: Object.entries(views).map(([id, view]: readonly [string, ViewContribution]) => ({
        id,
        name: strings.key(`view.${id}`, view.name),
        icon: view.icon,
        initialSize: view.share,
        contextualTitle: container.title,
        ...(view.folded ? { visibility: 'collapsed' } : {}),
      })),
    },
    viewsWelcome: welcome.map(({ view, contents, when }, index) => ({
      view,
      contents: strings.key(`welcome.${index}`, contents),
      when,
    })),
    commands: commandList.map(([command, { title, icon, enablement }]) => ({
      command,
      title: strings.key(`command.${command}`, title),
      category: container.title,
      icon: `$(${icon})`,
      ...(enablement === 'true' ? {} : { enablement }),
    })),
    menus: {
      commandPalette: commandList
        .filter(([, { palette }]) => !palette)
        .map(([command]) => ({ command, when: 'false' })),
      ...merged({ 'view/title': viewTitleMenu, 'view/item/context': viewItemMenu }, editorMenus),
    },
    keybindings,
    configuration: { title: container.title, properties: properties(strings) },
    walkthroughs: [walkthrough(strings)],
    ...ecosystem(strings),
    jsonValidation: [{ fileMatch: '*.taco-plan.json', url: './media/plan.schema.json' }],
  };
}

function walkthrough(strings: Strings): Record<string, unknown> {
  return {
    id: WALKTHROUGH,
    title: strings.key('walkthrough.title', 'Run a team of agents'),
    description: strings.key('walkthrough.description', 'Set up and run your first team in five steps.'),
    icon: container.icon,
    steps: walkthroughSteps.map(({ id, title, description, done }) => ({
      id,
      title: strings.key(`walkthrough.${id}.title`, title),
      description: strings.key(`walkthrough.${id}.description`, description),
      media: { markdown: `media/walkthrough/${id}.md` },
      completionEvents: [done],
    })),
  };
}

/** Returns the contributions to other parts of VS Code: tools for models, an MCP server, a terminal profile. */
function ecosystem(strings: Strings): Record<string, unknown> {
  const tools: readonly (readonly [string, LanguageModelToolContribution])[] = Object.entries(languageModelTools);
  return {
    languageModelTools: tools.map(([name, { title, modelDescription, description, reference, icon, inputSchema }]) => ({
      name,
      displayName: strings.key(`tool.${name}`, title),
      userDescription: strings.key(`tool.${name}.description`, description),
      modelDescription,
      toolReferenceName: reference,
      canBeReferencedInPrompt: true,
      icon: `$(${icon})`,
      inputSchema,
    })),
    mcpServerDefinitionProviders: [{ id: mcpProvider.id, label: strings.key('mcp', mcpProvider.label) }],
    terminal: {
      profiles: [
        {
          id: terminalProfile.id,
          title: strings.key('terminal.profile', terminalProfile.title),
          icon: terminalProfile.icon,
        },
      ],
    },
  };
}

/** Merges the menus of several tables into one list for each menu. */
function merged(
  ...tables: readonly Readonly<Record<string, readonly MenuContribution[]>>[]
): Record<string, readonly MenuContribution[]> {
  const names = [...new Set(tables.flatMap((table) => Object.keys(table)))];
  return Object.fromEntries(names.map((name) => [name, tables.flatMap((table) => table[name] ?? [])]));
}

function properties(strings: Strings): Record<string, unknown> {
  const list: readonly (readonly [string, SettingContribution])[] = Object.entries(settings);
  return Object.fromEntries(
    list.map(([id, { description, enumDescriptions, ...rest }], order) => [
      id,
      {
        order,
        ...withoutRestricted(rest),
        markdownDescription: strings.key(`setting.${id}`, description),
        ...(enumDescriptions
          ? {
              markdownEnumDescriptions: enumDescriptions.map((text, index) =>
                strings.key(`setting.${id}.${index}`, text),
              ),
            }
          : {}),
      },
    ]),
  );
}

/** Removes TACO's own member; VS Code takes it from `restrictedConfigurations`. */
function withoutRestricted(setting: object): object {
  return Object.fromEntries(Object.entries(setting).filter(([name]) => name !== 'restricted'));
}
