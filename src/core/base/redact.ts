/** Names of fields whose values are secrets and must not appear in the log. */
const SECRET_FIELD = /secret|password|passwd|token|authorization|api_?key/i;
// Password in a URL: everything between `user:` and `@` of the authority, which ends at the first `/`.
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*):[^\s/]*@/gi;
const MAX_DEPTH = 4;

/** `redis://user:pw@host` → `redis://user:***@host`. */
export function redactText(text: string): string {
  return text.replace(URL_PASSWORD, '$1:***@');
}

/**
 * Returns a copy without values of secret fields and without passwords in URLs. Errors become their stack or message.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Error) return redactText(value.stack ?? value.message);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, SECRET_FIELD.test(key) ? '***' : redact(item, depth + 1)]),
  );
}
