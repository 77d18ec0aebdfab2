/**
 * Why guards stopped an agent, in every form in which it is told on: to the agent itself, as a rule in a row of the
 * record, to the parent that reads the agent's stream, and to a person.
 */
import type { Rule } from '../rules.ts';

export interface Stop {
  mode: 'loop' | 'drift';
  /** What was seen, in one line. */
  evidence: string;
}

const STOPS = {
  loop: { rule: 'guard.loop_stopped', did: 'went in circles' },
  drift: { rule: 'guard.drift_stopped', did: 'kept leaving its scope' },
} as const satisfies Record<Stop['mode'], { rule: Rule; did: string }>;

export function stopRule({ mode }: Pick<Stop, 'mode'>): Rule {
  return STOPS[mode].rule;
}

/** The same read back from a row; undefined for any other rule. */
export function stopModeOf(rule: string): Stop['mode'] | undefined {
  if (rule === STOPS.loop.rule) return 'loop';
  return rule === STOPS.drift.rule ? 'drift' : undefined;
}

/** For a person: "The agent went in circles: …". */
export function stopReason({ mode, evidence }: Pick<Stop, 'mode'> & { evidence: string | undefined }): string {
  return `The agent ${STOPS[mode].did}${evidence === undefined ? '' : `: ${evidence}`}`;
}

/** For the agent: what has happened, and the one way that is left. */
export function stopText({ mode, evidence }: Stop): string {
  return `this run was stopped because it ${STOPS[mode].did}: ${plain(evidence)}. Only escalate is open to you now: call it with what you tried and what you need.`;
}

const TOLD = new RegExp(`because it (?:${STOPS.loop.did}|${STOPS.drift.did}): (.*?)\\. Only escalate`, 's');

/** The stop that a guard's answer tells of: a `stopText` with its rule behind it, in JSON. Undefined for other answers. */
export function readStop(answer: string): (Pick<Stop, 'mode'> & { evidence: string | undefined }) | undefined {
  const rule = /\[(guard\.\w+_stopped)\]/.exec(answer)?.[1];
  const mode = rule === undefined ? undefined : stopModeOf(rule);
  if (mode === undefined) return undefined;
  const evidence = TOLD.exec(answer)?.[1];
  return { mode, evidence: evidence?.replace(/\\(["\\])/g, '$1').replace(/\\n/g, ' ') };
}

/** Evidence as the middle of a sentence. */
export function plain(evidence: string): string {
  return evidence.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
}
