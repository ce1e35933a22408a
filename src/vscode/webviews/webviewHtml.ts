/** The HTML document of a page. No `vscode` here. */
export interface WebviewHtmlParts {
  readonly language: string;
  readonly title: string;
  /** Unguessable, new for each document: the page runs only scripts with this nonce. */
  readonly nonce: string;
  readonly styles: readonly string[];
  readonly script: string;
  /**
   * The state that the page shows at once without a request, its time, and the translations of the page's own texts, if
   * any.
   */
  readonly first: {
    readonly at: number;
    readonly posts: readonly unknown[];
    readonly bundle?: Readonly<Record<string, string>> | undefined;
  };
}

/**
 * Style, script and first state are inline. A page loads each file through a worker and the extension host, each
 * request takes a round trip, and nothing is drawn before. The bundler writes no `</script>` into a script.
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

/** Returns JSON that closes no element and opens no comment, whatever texts it contains. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
