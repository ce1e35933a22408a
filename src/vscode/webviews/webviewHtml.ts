/** The document of a page. No `vscode` here. */
export interface WebviewHtmlParts {
  readonly language: string;
  readonly title: string;
  /** Unguessable, new for each document: what does not have it is not run. */
  readonly nonce: string;
  readonly styles: readonly string[];
  readonly script: string;
  /** What the page shows at once, without having asked for it, when that was so, and the translations that it says its own texts by, where there are any. */
  readonly first: {
    readonly at: number;
    readonly posts: readonly unknown[];
    readonly bundle?: Readonly<Record<string, string>> | undefined;
  };
}

/**
 * Style, script and first state stand in the page itself: what a page loads goes through a worker and the extension host, file by file,
 * what it asks for goes there and back, and nothing is drawn before. The bundler writes no `</script>` into a script.
 */
export function webviewHtml({ language, title, nonce, styles, script, first }: WebviewHtmlParts): string {
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="${nonce}">${styles.join('\n')}</style>
<title>${title}</title>
</head>
<body>
<main id="root"></main>
<script type="application/json" id="first">${inScript(first)}</script>
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

/** As JSON that ends no element and begins no comment, whoever wrote the texts in it. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
