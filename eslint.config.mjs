import perfectionist from 'eslint-plugin-perfectionist';
import tseslint from 'typescript-eslint';

/** Retired words of docs/glossary.md, which names the term that replaces each. */
const RETIRED = new Set(
  (
    'person persons human humans stranger strangers crew carrier carriers anew revive revives revived revival life ' +
    'door doors doubled mend mends mended mending circle circles knot knots tell tells telling told kept need needs ' +
    'look looks looked looking looker lookers longest most whoever nobody somebody undone meanwhile'
  ).split(' '),
);
/** Fields of Redis, JSON and command arguments, which others read. */
const PUBLIC_NAMES = new Set(['needs', 'needId', 'kept', 'branchKept', 'life']);
const NAMED_BY_KEY = new Set(['PropertyDefinition', 'MethodDefinition', 'TSPropertySignature', 'TSMethodSignature']);

/** Returns true where an identifier gets its name. Keys of object literals are checked at their type. */
function isDeclared(node) {
  const { parent } = node;
  if (parent.id === node) return true;
  if (parent.params?.includes(node)) return true;
  if (NAMED_BY_KEY.has(parent.type)) return parent.key === node && !parent.computed;
  if (parent.type === 'Property') return parent.value === node && parent.parent.type === 'ObjectPattern';
  if (parent.type === 'AssignmentPattern') return parent.left === node;
  return parent.type === 'ArrayPattern' || parent.type === 'RestElement' || parent.type === 'TSParameterProperty';
}

/** Keeps the retired words of the glossary out of identifiers: `id-denylist` compares whole names only. */
const retiredWords = {
  create: (context) => ({
    Identifier(node) {
      if (PUBLIC_NAMES.has(node.name) || !isDeclared(node)) return;
      const words = node.name.split(/_|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
      const word = words.find((each) => RETIRED.has(each.toLowerCase()));
      if (word) context.report({ node, message: `"${word}" in "${node.name}" is retired: see docs/glossary.md.` });
    },
  }),
};

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/', 'media/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/webview/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { perfectionist, taco: { rules: { 'retired-words': retiredWords } } },
    rules: {
      'perfectionist/sort-imports': [
        'error',
        {
          type: 'natural',
          groups: ['builtin', 'external', ['parent', 'sibling', 'index']],
          newlinesBetween: 0,
          newlinesInside: 0,
          partitionByComment: true,
        },
      ],
      'taco/retired-words': 'error',
      'no-eval': 'error',
      'no-control-regex': 'off', // a terminal program names control bytes
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' },
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file itself.' },
        {
          selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier",
          message: "Use `import * as z from 'zod'`: it bundles to a fifth.",
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  { files: ['src/lua.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off', '@typescript-eslint/require-await': 'off' },
  },
);
