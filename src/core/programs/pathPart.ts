/** Returns a name as one part of a path: names of agents come from Redis, and `../x` must not lead out of a folder. */
export function pathPart(name: string): string {
  return encodeURIComponent(name).replace(/^\./, '%2E');
}
