/* The feed's messages, spelled as the contract spells them in either protocol: events as {eventId, item}, snapshots as a bare list. */

export interface FeedEvent<T> {
  eventId: number | null;
  item: T;
}

/** An event that came without its wrapping has no place in the log to resume from. */
export function unwrap<T>(value: unknown): FeedEvent<T> {
  return isWrapped<T>(value) ? { eventId: value.eventId ?? null, item: value.item } : { eventId: null, item: value as T };
}

function isWrapped<T>(value: unknown): value is { eventId?: number; item: T } {
  return value !== null && typeof value === 'object' && 'item' in value;
}
