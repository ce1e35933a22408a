import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as ts from 'typescript';
import {
  each,
  isTranslation,
  place,
  placesOf,
  sourceFiles,
  spokenIn,
} from '../../../support/vscode/collectL10nStrings';

/** Members of objects that are shown to the user, and functions that show their texts. */
const SHOWN_MEMBERS =
  /^(title|placeHolder|prompt|label|description|detail|tooltip|message|spoken|text|'aria-label'|placeholder)$/;
const SHOWN_BY = /\b(show(Information|Warning|Error)Message|setStatusBarMessage|TacoError|h|setText|button)$/;
/** Names are the same in every language, and so are codicons, units and the labels of envelopes. */
const NAMES =
  /\$\([\w~-]+\)|\bTACO( (Monitor|Plan))?\b|\b(tmux|Redis|Markdown|JSON|Mother|MB|GB|MOTHER|USER)\b|\bAGENT-/g;

interface Found {
  readonly at: string;
  readonly text: string;
}

const isView = ({ fileName, text }: ts.SourceFile): boolean =>
  fileName.startsWith('src/webview/') || /^import \* as (vscode from 'vscode'|l10n from '@vscode\/l10n')/m.test(text);

/** Returns the untranslated words of an expression. */
function plainWords(node: ts.Node): readonly Found[] {
  if (isTranslation(node) || ts.isArrowFunction(node) || isIconName(node)) return [];
  const literal =
    ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)
      ? node.text
      : '';
  const own = /[a-z]{2}/i.test(literal.replace(NAMES, '')) ? [{ at: place(node), text: literal }] : [];
  // Text that is only compared or looked up is not shown.
  if (ts.isBinaryExpression(node) && /^[!=]==$/.test(node.operatorToken.getText())) return [];
  if (ts.isConditionalExpression(node)) return [...plainWords(node.whenTrue), ...plainWords(node.whenFalse)];
  if (ts.isCallExpression(node) || ts.isElementAccessExpression(node)) return [];
  const inner: Found[] = [];
  ts.forEachChild(node, (child) => void inner.push(...plainWords(child)));
  return [...own, ...inner];
}

/** Returns true for the `…` of `$(${…})`. */
function isIconName(node: ts.Node): boolean {
  if (!ts.isTemplateSpan(node.parent) || !ts.isTemplateExpression(node.parent.parent)) return false;
  const { head, templateSpans } = node.parent.parent;
  const before = templateSpans[templateSpans.indexOf(node.parent) - 1]?.literal ?? head;
  return before.text.endsWith('$(') && node === node.parent.expression;
}

/** Returns the arguments that a call shows: not an error's code, not an element's name or attributes. */
function shownArguments(node: ts.CallExpression | ts.NewExpression): readonly ts.Node[] {
  const texts = node.arguments?.filter((argument) => !ts.isObjectLiteralExpression(argument)) ?? [];
  return ts.isNewExpression(node) || node.expression.getText() === 'h' ? texts.slice(1) : texts;
}

/** Returns true for code that runs when the file is loaded, before the language is known. */
function isSaidAtOnce(node: ts.Node): boolean {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (
      ts.isFunctionLike(at) ||
      (ts.isPropertyDeclaration(at) && !at.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword))
    )
      return false;
  }
  return true;
}

describe('The texts for the user', () => {
  const files = sourceFiles();

  it('are translated wherever they are shown: in messages, lists, inputs, rows, and on the pages', () => {
    const found: Found[] = [];
    for (const file of files.filter(isView)) {
      each(file, (node) => {
        if (ts.isPropertyAssignment(node) && SHOWN_MEMBERS.test(node.name.getText()))
          found.push(...plainWords(node.initializer));
        if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && SHOWN_BY.test(node.expression.getText()))
          found.push(...shownArguments(node).flatMap(plainWords));
      });
    }
    assert.deepEqual(found, []);
  });

  it('are one plain text each in the code, so that a translator gets them, with as many places as values', () => {
    const bundle = JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8')) as Record<string, string>;
    for (const { at, text, values } of files.flatMap(spokenIn)) {
      assert.ok(text !== null, `${at}: the text is put together`);
      assert.ok(text in bundle, `${at}: "${text}" is not in the bundle (UPDATE_MANIFEST=1)`);
      assert.deepEqual(
        placesOf(text),
        Array.from({ length: values }, (_, index) => `{${index}}`),
        at,
      );
    }
  });

  it('are used only once the language is known: none at load time, except by the two pages, which request it first', () => {
    const atOnce: string[] = [];
    for (const file of files) {
      const asks = file.text.search(/^const host = connect</m);
      each(file, (node) => {
        if (isTranslation(node) && isSaidAtOnce(node) && (asks === -1 || node.getStart() < asks))
          atOnce.push(place(node));
      });
    }
    assert.deepEqual(atOnce, []);
  });
});
