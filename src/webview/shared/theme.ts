/** Theme colours for canvases, which cannot use style sheets. */

/** Returns a colour of the current theme; `fallback` if the theme lacks it (some high contrast themes do). */
export function themeColor(name: string, fallback: string): string {
  const style = getComputedStyle(document.body);
  return (
    style.getPropertyValue(`--vscode-${name}`).trim() ||
    style.getPropertyValue(`--vscode-${fallback}`).trim() ||
    style.color
  );
}

/** Calls the listener when the user changes the theme. VS Code names the theme on the body. */
export function onThemeChange(listener: () => void): void {
  new MutationObserver(listener).observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-id'],
  });
}
