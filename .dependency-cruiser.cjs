/** The rooms of the house (docs/architecture.md): imports point upward in the table only. */
const room = (name, allowed) => ({
  name: `${name}-imports-upward-only`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: `^src/(${[name, ...allowed].join('|')})/|^src/lua\\.d\\.ts$` },
});
const packages = (name, allowed) => ({
  name: `${name}-packages`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'],
    pathNot: allowed.length ? `node_modules/(${allowed.join('|')})(/|$)` : undefined,
  },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      // A folder is above or below another, never both.
      name: 'no-folder-cycles',
      scope: 'folder',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    room('core', []),
    room('redis', ['core']),
    room('tmux', ['core']),
    room('profiles', ['core']),
    room('environment', ['core', 'redis', 'tmux', 'profiles']),
    room('team', ['core', 'redis', 'tmux', 'profiles', 'environment']),
    room('orchestrator', ['core', 'redis', 'tmux', 'profiles', 'environment', 'team']),
    room('cli', ['core', 'redis', 'tmux', 'profiles', 'environment', 'team', 'orchestrator']),
    room('vscode', ['core', 'redis', 'tmux', 'profiles', 'environment', 'team', 'orchestrator']),
    {
      // What else a page took of core could bring zod into it.
      name: 'webview-takes-only-types-and-words-of-core',
      severity: 'error',
      from: { path: '^src/webview/' },
      to: {
        path: '^src/core/',
        pathNot: '^src/core/base/(duration|truncate|agentName|limits)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    room('webview', ['core']),
    packages('core', ['zod', 'jsonrepair']),
    packages('redis', ['ioredis', 'zod']),
    {
      // No processes, no network, no files: but redis and tmux, which know nothing else in common, both write whole files.
      name: 'core-is-pure',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '^src/core/programs/writeFileAtomic\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(path|crypto)$' },
    },
    {
      name: 'vscode-only-in-its-room',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(vscode/|extension\\.ts$)' },
      to: { path: '^vscode$|@types/vscode' },
    },
    {
      name: 'only-views-speak-another-language',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(vscode|webview)/' },
      to: { path: 'node_modules/@vscode/l10n/' },
    },
    { name: 'src-knows-no-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { extensions: ['.ts', '.d.ts', '.js', '.lua'] },
  },
};
