/** What one line of a conversation says of a call of a tool. */
export type CallSign =
  | { readonly kind: 'call'; readonly id: string; readonly call: string }
  | { readonly kind: 'result'; readonly id: string; readonly failed: boolean };
