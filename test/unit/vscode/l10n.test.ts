import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** Members of objects that VS Code shows to a person, and functions whose texts it shows. */
const SHOWN_MEMBERS = /^(title|placeHolder|prompt|label|description|detail|tooltip|message)$/;
const SHOWN_BY = /\b(show(Information|Warning|Error)Message|setStatusBarMessage|TacoError)$/;
/** Names are the same in every language. */
const NAMES = /\$\([\w~-]+\)|\bTACO( (Monitor|Plan))?\b|\b(tmux|Redis|Markdown|JSON)\b/g;

interface Found {
  readonly at: string;
  readonly text: string;
}

/** Files that show something: those that use VS Code's API. What they get from others is data by then. */
function sources(): readonly ts.SourceFile[] {
  const files = ['src/extension.ts', ...readdirSync('src/vscode', { recursive: true }).map((name) => join('src/vscode', String(name))).filter((name) => name.endsWith('.ts'))];
  return files.map((name) => ts.createSourceFile(name, readFileSync(name, 'utf8'), ts.ScriptTarget.ES2022, true)).filter(({ text }) => /^import \* as vscode from 'vscode'/m.test(text));
}

function each(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => each(child, visit));
}

const place = (node: ts.Node): string => `${node.getSourceFile().fileName}:${node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
const isTranslation = (node: ts.Node): node is ts.CallExpression => ts.isCallExpression(node) && /\bl10n\.t$/.test(node.expression.getText());

/** Words that stand in an expression as they are, outside of `l10n.t`. */
function plainWords(node: ts.Node): readonly Found[] {
  if (isTranslation(node) || ts.isArrowFunction(node) || isIconName(node)) return [];
  const literal = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node) ? node.text : '';
  const own = /[a-z]{2}/i.test(literal.replace(NAMES, '')) ? [{ at: place(node), text: literal }] : [];
  // What is only compared or asked for is not shown.
  if (ts.isBinaryExpression(node) && node.operatorToken.getText() === '===') return [];
  if (ts.isConditionalExpression(node)) return [...plainWords(node.whenTrue), ...plainWords(node.whenFalse)];
  if (ts.isCallExpression(node)) return [];
  const inner: Found[] = [];
  ts.forEachChild(node, (child) => void inner.push(...plainWords(child)));
  return [...own, ...inner];
}

/** The `…` of `$(${…})`. */
function isIconName(node: ts.Node): boolean {
  if (!ts.isTemplateSpan(node.parent) || !ts.isTemplateExpression(node.parent.parent)) return false;
  const { head, templateSpans } = node.parent.parent;
  const before = templateSpans[templateSpans.indexOf(node.parent) - 1]?.literal ?? head;
  return before.text.endsWith('$(') && node === node.parent.expression;
}

describe('What the extension says', () => {
  const files = sources();

  it('is translated wherever VS Code shows it: in messages, lists, inputs and progress', () => {
    const found: Found[] = [];
    for (const file of files) {
      each(file, (node) => {
        if (ts.isPropertyAssignment(node) && SHOWN_MEMBERS.test(node.name.getText())) found.push(...plainWords(node.initializer));
        if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && SHOWN_BY.test(node.expression.getText())) {
          const texts = node.arguments?.filter((argument) => !ts.isObjectLiteralExpression(argument)) ?? [];
          found.push(...(ts.isNewExpression(node) ? texts.slice(1) : texts).flatMap(plainWords));
        }
      });
    }
    assert.deepEqual(found, []);
  });

  it('stands in the code as one plain text each, so that a translator gets it, with as many places as values', () => {
    const bundle = JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8')) as Record<string, string>;
    const seen = new Set<string>();
    for (const file of files) {
      each(file, (node) => {
        if (!isTranslation(node)) return;
        const [text, ...values] = node.arguments;
        assert.ok(text && ts.isStringLiteral(text), `${place(node)}: the text is put together`);
        assert.ok(text.text in bundle, `${place(node)}: "${text.text}" is not in the bundle (UPDATE_MANIFEST=1)`);
        const places = new Set(text.text.match(/\{\d+\}/g) ?? []);
        assert.deepEqual([...places].sort(), values.map((_, index) => `{${index}}`), place(node));
        seen.add(text.text);
      });
    }
    assert.deepEqual(Object.keys(bundle).filter((text) => !seen.has(text)), [], 'the bundle holds nothing that nobody says');
  });
});
