import type { HookData } from '../agents/hookData';
import type { MessageState } from '../messages/messageState';

/**
 * Events on `monitor:events`: wake-ups for views and for the leader. They are not authoritative: read the state after
 * one.
 */
export type MonitorEvent =
  | { readonly kind: 'command'; readonly id: string; readonly state: MessageState; readonly target: string }
  | { readonly kind: 'agent'; readonly window: number }
  | { readonly kind: 'hook'; readonly window: number; readonly event: string; readonly data: HookData }
  | { readonly kind: 'session' }
  | { readonly kind: 'plan' }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'request' }
  | { readonly kind: 'need'; readonly window: number }
  | { readonly kind: 'user'; readonly id: string };
