/**
 * Why Sentry tells of an error. Its webhooks carry the name of the rule and not its conditions, so the name says it, as the
 * rules of docs/sources/sentry.md do; a name that says several, or nothing, is an alert.
 */
import type { ErrorEvent } from '../../event.ts';

type Trigger = NonNullable<ErrorEvent['trigger']>;

const NAMED: readonly [RegExp, Trigger][] = [
  [/\bnew[ _-]?issue|\bfirst[ _-]seen|\bissue[ _-]created/i, 'new_issue'],
  [/\bregress/i, 'regression'],
  [/\bfrequen|\bspik|\bescalat|\bevents? in\b|>|≥|\bmore than\b|\btimes in\b|%/i, 'spike'],
];

export function ruleTrigger(name: string): Trigger {
  const found = NAMED.filter(([pattern]) => pattern.test(name)).map(([, trigger]) => trigger);
  return found.length === 1 && found[0] ? found[0] : 'alert';
}

/** Sentry's own word for where an issue stands. */
export function issueTrigger(substatus: string | undefined, action: string): Trigger {
  if (substatus === 'regressed') return 'regression';
  if (substatus === 'escalating') return 'spike';
  if (substatus === 'new' || action === 'created') return 'new_issue';
  return 'alert';
}
