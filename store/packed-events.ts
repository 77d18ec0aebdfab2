/** Events as one JSON text, in their order: what one has in common with an earlier one of its fingerprint stands there once. */
import type { EventRow } from './incidents.ts';

type Fields = Readonly<Record<string, unknown>>;
/** A whole event, or the place of an earlier one and what is different. */
type Packed = Fields | [like: number, changes: Fields];

export function packEvents(events: readonly EventRow[]): string {
  const firsts = new Map<string, number>();
  const packed = events.map((event, at): Packed => {
    const own = event as unknown as Fields;
    const like = firsts.get(event.fingerprint);
    const changes = like === undefined ? undefined : changesOf(events[like] as unknown as Fields, own);
    if (like !== undefined && changes !== undefined) return [like, changes];
    firsts.set(event.fingerprint, at);
    return own;
  });
  return JSON.stringify(packed);
}

export function unpackEvents(text: string): EventRow[] {
  const events: EventRow[] = [];
  for (const one of JSON.parse(text) as Packed[])
    events.push((Array.isArray(one) ? { ...events[one[0]], ...one[1] } : one) as unknown as EventRow);
  return events;
}

/** Undefined where something is missing that the other one has. */
function changesOf(before: Fields, event: Fields): Fields | undefined {
  for (const name in before) if (event[name] === undefined && before[name] !== undefined) return undefined;
  const changes: Record<string, unknown> = {};
  for (const name in event) if (event[name] !== before[name]) changes[name] = event[name];
  return changes;
}
