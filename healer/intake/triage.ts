/** Whether an error is worth a fix, by what its events say together. Pure: the same words, counts and settings decide the same. */
import type { Config } from '../../context/schemas/config.ts';
import { type ErrorEvent, SEVERITIES, type Severity } from '../../events/event.ts';
import { severity as severityOf } from '../../events/severity.ts';
import type { Weight } from '../../store/incidents.ts';
import { type Expected, looksExpected } from './expected.ts';

/**
 * Sources that judge by rules of their own: an alert is as grave as it says, however often it fires. Sentry is none of them:
 * it tells of single errors, which count, and an SDK that reports here has nobody who would judge.
 */
export const WATCHED_SOURCES: readonly ErrorEvent['source'][] = ['alertmanager', 'loki', 'grafana', 'github'];

export interface TriageInput {
  event: Pick<ErrorEvent, 'type' | 'message' | 'source' | 'trigger'>;
  weight: Weight;
  /** Why errors of this kind are left alone. */
  muted: string | undefined;
}

export type Triage = { severity: Severity } & (
  | { answer: 'ignore'; why: string; belowMinimum: boolean }
  /** `expected`: it looks like no bug; a person says whether it is one. */
  | { answer: 'take'; why: string; expected: Expected | undefined }
);

export function triage({ event, weight, muted }: TriageInput, { intake, triage: rules }: Config): Triage {
  const severity = weigh(event, weight, intake);
  const ignore = (why: string, belowMinimum = false): Triage => ({ severity, answer: 'ignore', why, belowMinimum });
  if (muted !== undefined) return ignore(`muted: ${muted}`);
  const text = event.type ? `${event.type}: ${event.message}` : event.message;
  const filter = rules.not_a_bug.find((pattern) => new RegExp(pattern, 'is').test(text));
  if (filter !== undefined) return ignore(`not a bug: triage.not_a_bug names ${JSON.stringify(filter)}`);
  if (rank(severity) > rank(intake.min_severity))
    return ignore(`its severity is ${severity}, and intake.min_severity is ${intake.min_severity}`, true);
  // What a rule or a CI says is no answer that a program gave to its user; an alert of Sentry carries the error itself.
  const told = (event.trigger === 'alert' && event.source !== 'sentry') || event.source === 'github';
  const expected = severity === 'critical' || told ? undefined : looksExpected(event);
  return { severity, answer: 'take', why: `its severity is ${severity}`, expected };
}

/** The worst of what the events came with, what they say, and how many they are. */
function weigh(event: TriageInput['event'], { counted, severities }: Weight, intake: Config['intake']): Severity {
  const came = severities.flatMap((word) => SEVERITIES.find((known) => known === word) ?? []);
  const own = WATCHED_SOURCES.includes(event.source)
    ? []
    : [
        severityOf(
          { type: event.type, message: event.message, count: counted },
          {
            criticalPatterns: intake.critical_patterns,
            highCount: intake.high_count,
            mediumCount: intake.medium_count,
          },
        ),
      ];
  return [...came, ...own].sort((a, b) => rank(a) - rank(b))[0] ?? 'low';
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
