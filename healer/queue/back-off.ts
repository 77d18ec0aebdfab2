/**
 * The wait of the whole queue: a rate limit or a lost login would end every run like the one that met it, so nothing is
 * started for a minute, then for two, and at last for an hour at a time, until one run has got through.
 */

import { redact } from '../../events/redact.ts';
import type { BackOff, IncidentStore } from '../../store/incidents.ts';
import { growingPause } from '../growing-pause.ts';

const PAUSES = { firstMs: 60_000, longestMs: 3_600_000 };
/** An API may ask for more than an hour, and for no more than this. */
const MOST_ASKED_MS = 86_400_000;

export interface Met {
  incident: string;
  why: string;
  next: string;
  /** What the API asked for; 0 when it did not. */
  retryAfterMs: number;
}

/** Runs that met it at the same time count once. Answers with the back-off that holds now. */
export async function backOffAfter(incidents: IncidentStore, met: Met, now: Date): Promise<BackOff> {
  const before = await incidents.backOff();
  if (before && holds(before, now)) return before;
  const times = (before?.times ?? 0) + 1;
  const wait = growingPause(times, { ...PAUSES, askedMs: Math.min(met.retryAfterMs, MOST_ASKED_MS) });
  const backOff: BackOff = {
    incident: met.incident,
    why: words(met.why),
    next: words(met.next),
    times,
    since: before?.since ?? now.toISOString(),
    until: new Date(now.getTime() + wait).toISOString(),
  };
  await incidents.setBackOff(backOff);
  return backOff;
}

/** A clock that was set back ends it sooner, never later. */
export function holds({ until, since }: BackOff, now: Date): boolean {
  const at = now.getTime();
  return at < Date.parse(until) && at >= Date.parse(since);
}

function words(text: string): string {
  return redact(text.replace(/\s+/g, ' ').slice(0, 400), { ips: true });
}
