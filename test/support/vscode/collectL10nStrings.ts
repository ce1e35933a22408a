/**
 * Collects the user-visible texts of the code from its syntax: for translators, and for the tests that keep it
 * translatable.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** One text, with the number of its values; null: the code composes it, so a translator could not find it. */
export interface Spoken {
  readonly at: string;
  readonly text: string | null;
  readonly values: number;
}

/** Returns every source file that may contain texts: most contain none, and parsing all of them would take seconds. */
export function sourceFiles(): readonly ts.SourceFile[] {
  const names = readdirSync('src', { recursive: true })
    .map((name) => join('src', String(name)))
    .filter((name) => name.endsWith('.ts'));
  const texts = names
    .map((name) => [name, readFileSync(name, 'utf8')] as const)
    .filter(([name, text]) => /l10n|from 'vscode'|\/localizedText'/.test(text) || name.startsWith('src/webview/'));
  return texts.map(([name, text]) => ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true));
}

export function each(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => each(child, visit));
}

export const place = (node: ts.Node): string =>
  `${node.getSourceFile().fileName}:${node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1}`;

const SAYS = /^import .*\b(Translate|LazyLabel)\b.* from '.*\/localizedText';$/m;

/**
 * Returns true for `vscode.l10n.t` where VS Code is available, `l10n.t` of `@vscode/l10n` where it is not, and `say` of
 * core/base/localizedText.ts where the caller passes the language.
 */
export function isTranslation(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false;
  const { expression } = node;
  if (ts.isIdentifier(expression)) return expression.text === 'say' && SAYS.test(node.getSourceFile().text);
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === 't' &&
    /^(vscode\.)?l10n$/.test(expression.expression.getText())
  );
}

export function spokenIn(file: ts.SourceFile): readonly Spoken[] {
  const spoken: Spoken[] = [];
  each(file, (node) => {
    if (ts.isTaggedTemplateExpression(node) && ts.isIdentifier(node.tag) && node.tag.text === 'localizable')
      spoken.push(sentenceOf(node));
    if (!isTranslation(node)) return;
    const [text, ...values] = node.arguments;
    spoken.push({ at: place(node), text: text && ts.isStringLiteral(text) ? text.text : null, values: values.length });
  });
  return spoken;
}

/** Returns the text of a template that takes its values later. */
function sentenceOf(node: ts.TaggedTemplateExpression): Spoken {
  const { template } = node;
  if (ts.isNoSubstitutionTemplateLiteral(template)) return { at: place(node), text: template.text, values: 0 };
  return {
    at: place(node),
    text: template.head.text + template.templateSpans.map(({ literal }, at) => `{${at}}${literal.text}`).join(''),
    values: template.templateSpans.length,
  };
}

let bundle: Readonly<Record<string, string>> | undefined;

/** Returns the English bundle: each text once, mapped to itself. Cached, because building it takes a while. */
export function spokenBundle(): Readonly<Record<string, string>> {
  if (bundle) return bundle;
  const texts = sourceFiles()
    .flatMap(spokenIn)
    .flatMap(({ text }) => text ?? []);
  return (bundle = Object.fromEntries([...new Set(texts)].sort().map((text) => [text, text])));
}

/** Returns `{0}`, `{1}` …: each once. */
export function placesOf(text: string): readonly string[] {
  return [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();
}
