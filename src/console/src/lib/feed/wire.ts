/*
 * MessagePack carries a record's names as the server's language spells them, and times as native dates; JSON carries both as
 * the contract writes them. What the rest of the console reads is always the contract's spelling.
 */

const spelled = new Map<string, string>();

function camel(name: string): string {
  let known = spelled.get(name);
  if (known === undefined) {
    known = name.charAt(0).toLowerCase() + name.slice(1);
    spelled.set(name, known);
  }
  return known;
}

export function fromWire(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(fromWire);
  if (value !== null && typeof value === 'object') {
    const result: Record<string, unknown> = {};
    for (const [name, inner] of Object.entries(value)) result[camel(name)] = fromWire(inner);
    return result;
  }
  return value;
}

export interface FeedEvent<T> {
  eventId: number | string | null;
  item: T;
}

/** Events come wrapped as {eventId, item}; anything else is taken to be the item itself. */
export function unwrap<T>(value: unknown): FeedEvent<T> {
  const plain = fromWire(value) as Record<string, unknown>;
  return plain !== null && typeof plain === 'object' && 'item' in plain
    ? { eventId: (plain['eventId'] as number | string | undefined) ?? null, item: plain['item'] as T }
    : { eventId: null, item: plain as T };
}

/** A batch of snapshots comes bare or wrapped with its event id. */
export function unwrapBatch<T>(value: unknown): FeedEvent<T[]> {
  if (Array.isArray(value)) return { eventId: null, item: fromWire(value) as T[] };
  const { eventId, item } = unwrap<T[] | { items: T[] }>(value);
  return { eventId, item: Array.isArray(item) ? item : (item.items ?? []) };
}
