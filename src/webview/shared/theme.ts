/** The theme's colours for canvases, which know no style sheet. */

/** A colour of the theme now; `fallback` where it has none (high contrast themes leave some out). */
export function themeColor(name: string, fallback: string): string {
  const style = getComputedStyle(document.body);
  return (
    style.getPropertyValue(`--vscode-${name}`).trim() ||
    style.getPropertyValue(`--vscode-${fallback}`).trim() ||
    style.color
  );
}

/** Calls when the person changes the theme. VS Code names it on the body. */
export function onThemeChange(listener: () => void): void {
  new MutationObserver(listener).observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-id'],
  });
}
