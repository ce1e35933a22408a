/**
 * Parses a URI such as `vscode://taco.taco/agent/api`. Pure. Any program can make such a URI, so each one only shows
 * something; a message waits for the user's Enter.
 */
import type { CommandId } from '../manifest/contributions';

export type LinkRequest =
  | { readonly kind: 'command'; readonly command: Extract<CommandId, 'taco.openMonitor' | 'taco.reviewPlan'> }
  | { readonly kind: 'terminal'; readonly agent: string }
  | { readonly kind: 'message'; readonly agent: string; readonly text: string };

const MAX_NAME_LENGTH = 64;
const MAX_TEXT_LENGTH = 4000;

/** Returns the request of a URI, or null for an unknown one. */
export function linkRequest(path: string, query: string): LinkRequest | null {
  const [place = '', name = '', ...rest] = path.replace(/^\/+|\/+$/g, '').split('/');
  if (rest.length > 0 || name.length > MAX_NAME_LENGTH) return null;
  if (name === '') {
    if (place === 'monitor') return { kind: 'command', command: 'taco.openMonitor' };
    if (place === 'plan') return { kind: 'command', command: 'taco.reviewPlan' };
    return null;
  }
  if (place === 'agent') return { kind: 'terminal', agent: name };
  if (place === 'message')
    return {
      kind: 'message',
      agent: name,
      text: (new URLSearchParams(query).get('text') ?? '').slice(0, MAX_TEXT_LENGTH),
    };
  return null;
}
