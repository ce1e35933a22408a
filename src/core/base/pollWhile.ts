/** Runs `work` and calls `check` every `intervalMs` until it ends. A failed check is reported and repeated. */
export async function pollWhile<T>(
  work: () => Promise<T>,
  check: () => Promise<void>,
  intervalMs: number,
  onFailed: (error: unknown) => void,
): Promise<T> {
  const timer = setInterval(() => void check().catch(onFailed), intervalMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
