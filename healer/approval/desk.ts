/**
 * Where every answer ends up, from whichever channel: of each question the first one counts, whoever else answers is told by
 * whom it was decided, and an answer to what is not asked any more changes nothing.
 */
import { describeError, UserError } from '../../events/errors.ts';
import { oneLine } from '../../events/plain-text.ts';
import {
  type ApprovalDecision,
  addDecision,
  decisionOf,
  decisionsOf,
  endDecision,
  type KnownDecision,
} from '../../store/approvals.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { approveStart, possible, retry, skip } from '../incidents/decisions.ts';
import { approveWaiting, waitsFor } from '../incidents/waiting.ts';
import type { Settings } from '../intake/settings.ts';
import { reject } from '../publishing/reject.ts';
import type { Workbench } from '../workbench.ts';
import type { ChatName } from './channel.ts';
import { type Asking, askingOf, settingsFor } from './question.ts';
import { decisionWords, whoInWords } from './words.ts';

export interface Answer {
  incident: string;
  answer: 'approve' | 'skip' | 'reject' | 'retry';
  /** `http` and `cli` have proven by token or terminal that they may; a chat's people are looked up in the settings. */
  channel: ChatName | 'http' | 'cli';
  /** The channel's own id of the person. */
  who: string;
  /** What people call them there. */
  name?: string | undefined;
  /** Of the question that was shown; without it the answer is to what is asked now. */
  key?: string | undefined;
  round?: number | undefined;
  tree?: string | undefined;
  reason?: string | undefined;
}

export type Decided =
  /** `pending`: it is carried out by and by (verified again, then published); messages and rows tell what comes of it. */
  | { outcome: 'won'; words: string; record: IncidentRecord; pending: boolean }
  /** Somebody else was first, or it expired. */
  | { outcome: 'too_late'; words: string }
  /** It was about an earlier round, tree or asking. */
  | { outcome: 'stale'; words: string }
  /** The incident is in no state for it. */
  | { outcome: 'not_possible'; words: string }
  | { outcome: 'not_allowed'; words: string }
  | { outcome: 'unknown'; words: string };

export interface Desk {
  decide(answer: Answer): Promise<Decided>;
  /** Why it would not be taken, before somebody is asked for more (a reason); undefined when it would. */
  refusal(answer: Answer): Promise<Decided | undefined>;
  /** Whether the settings name this person for the incident. */
  isApprover(person: Pick<Answer, 'incident' | 'channel' | 'who'>): Promise<boolean>;
  /** Keys of decisions that this process took and works on. */
  readonly held: ReadonlySet<string>;
  /** The decision is done with. */
  release(key: string): void;
}

export interface DeskOptions {
  bench: Workbench;
  settings: () => Promise<Pick<Settings, 'config'>>;
  /** Nothing is published or started from here. */
  dryRun?: boolean;
}

const REASON_LIMIT = 1000;
const NO_REASON = 'rejected without a reason';

export function openDesk(options: DeskOptions): Desk {
  const held = new Set<string>();
  return {
    held,
    release: (key) => void held.delete(key),
    isApprover: (person) => isApprover(options, person),
    async refusal(answer) {
      const judged = await judge(options, answer);
      return judged.outcome === 'open' || judged.outcome === 'unasked' ? undefined : judged;
    },
    decide: (answer) => decide(options, held, answer),
  };
}

/** `person:slack:U1 ana`; at a terminal `person:ana`. */
export function whoOf({ channel, who, name }: Pick<Answer, 'channel' | 'who' | 'name'>): string {
  if (channel === 'cli') return who;
  const called = name === undefined ? '' : oneLine(name.replace(/[^\p{L}\p{N} ._@-]/gu, ''), 40);
  return `person:${channel}:${who.replace(/[^\w.@-]/g, '').slice(0, 60) || 'unknown'}${called === '' ? '' : ` ${called}`}`;
}

async function isApprover(
  { bench, settings }: DeskOptions,
  { incident, channel, who }: Pick<Answer, 'incident' | 'channel' | 'who'>,
): Promise<boolean> {
  if (channel !== 'slack' && channel !== 'telegram') return true;
  const record = await bench.incidents.get(incident);
  return (
    record !== undefined &&
    settingsFor((await settings()).config, record, bench.db).notify[channel].approvers.includes(who)
  );
}

type Judged =
  | Decided
  /** `own`: this person decided so already, and their process ended before anything followed from it. */
  | { outcome: 'open'; asking: Asking; record: IncidentRecord; own?: ApprovalDecision }
  /** It needs no question: a proposal is turned down, an ended incident taken back. */
  | { outcome: 'unasked'; record: IncidentRecord };

async function judge(options: DeskOptions, given: Answer): Promise<Judged> {
  const { bench, dryRun } = options;
  const { incident, answer, channel, key } = given;
  const record = await bench.incidents.get(incident);
  if (!record) return { outcome: 'unknown', words: `There is no incident ${JSON.stringify(incident.slice(0, 60))}.` };
  if (!(await isApprover(options, given)))
    return {
      outcome: 'not_allowed',
      words: `You are not among the approvers (notify.${channel}.approvers); nothing was changed.`,
    };
  if (dryRun && answer !== 'skip')
    return { outcome: 'not_possible', words: 'This is a dry run: nothing is started or published.' };
  if (answer === 'retry') return { outcome: 'unasked', record };
  const who = whoOf(given);
  const earlier = key === undefined ? undefined : decisionOf(bench.db, key);
  if (earlier) return decidedBefore(earlier, { who, answer, record });
  const asking = await askingOf(bench, record);
  if (!asking) return withoutQuestion(bench, record, given);
  const { decision } = asking;
  // Only a terminal carries out by itself what it decides, so only there a person says it again to go on.
  if (decision?.channel === 'cli' && channel === 'cli' && decision.who === who && decision.answer === answer)
    return { outcome: 'open', asking, record, own: decision };
  if (decision) return decidedBefore({ ...decision, outcome: undefined }, { who, answer, record });
  if (isStale(asking, given)) {
    const now = `round ${asking.round}${asking.tree ? `, tree ${asking.tree.slice(0, 12)}` : ''}`;
    return {
      outcome: 'stale',
      words: `That was about something else than ${incident} waits for now (${now}); nothing was changed.`,
    };
  }
  if (answer === (asking.gate === 'start' ? 'reject' : 'skip')) return notPossible(record, answer);
  return { outcome: 'open', asking, record };
}

async function decide(options: DeskOptions, held: Set<string>, given: Answer): Promise<Decided> {
  const { bench } = options;
  const judged = await judge(options, given);
  if (judged.outcome !== 'open' && judged.outcome !== 'unasked') return judged;
  const { answer, channel } = given;
  const who = whoOf(given);
  const reason = oneLine(given.reason ?? '', REASON_LIMIT) || null;
  if (judged.outcome === 'unasked') return actUnasked(bench, judged.record, { answer, who, reason });
  if (answer === 'retry') throw new Error('A retry answers no question');

  const { key: question, incident, round, gate, tree = null } = judged.asking;
  const at = bench.now().toISOString();
  const decision: ApprovalDecision = judged.own ?? {
    ...{ question, incident, round, gate, tree, answer, who, channel, reason, at },
  };
  // Held before it is a row: a row that nobody holds counts as left behind.
  const first = !held.has(question);
  held.add(question);
  if (!judged.own && !addDecision(bench.db, decision)) {
    if (first) held.delete(question);
    return decidedBefore(decisionOf(bench.db, question) ?? { ...decision, outcome: undefined }, {
      ...judged,
      who,
      answer,
    });
  }
  // Proven again and published by and by: see carry-out.ts.
  if (gate === 'publish' && answer === 'approve') {
    const words = `${decisionWords(decision)}; it is published once it is proven again.`;
    return { outcome: 'won', words, record: judged.record, pending: true };
  }
  return carryOutNow(bench, decision).finally(() => held.delete(question));
}

async function carryOutNow(bench: Workbench, decision: ApprovalDecision): Promise<Decided> {
  const { incident, who, reason } = decision;
  const why = reason === null ? {} : { why: reason };
  const end = (outcome: 'done' | 'void', words: string) =>
    endDecision(bench.db, decision, { outcome, why: words, at: bench.now().toISOString() });
  try {
    const record =
      decision.answer === 'approve'
        ? await approveStart(bench.incidents, { incident, who, ...why })
        : decision.answer === 'skip'
          ? await skip(bench.incidents, { incident, who, ...why })
          : await reject(bench, { incident, who, why: reason ?? NO_REASON });
    end('done', `it is ${record.status}`);
    return { outcome: 'won', words: `${decisionWords(decision)}.`, record, pending: false };
  } catch (error) {
    const { message } = describeError(error);
    end('void', message);
    if (error instanceof UserError) return { outcome: 'too_late', words: message };
    throw error;
  }
}

function isStale(asking: Asking, { key, round, tree }: Answer): boolean {
  return (
    (key !== undefined && key !== asking.key) ||
    (round !== undefined && round !== asking.round) ||
    (tree !== undefined && !(asking.tree ?? '').startsWith(tree))
  );
}

/** A tap that a chat delivers twice is the same tap. */
function decidedBefore(
  earlier: KnownDecision,
  { who, answer, record }: { who: string; answer: string; record: IncidentRecord },
): Decided {
  if (earlier.who === who && earlier.answer === answer && earlier.outcome?.outcome !== 'void')
    return { outcome: 'won', words: `${decisionWords(earlier)}.`, record, pending: earlier.outcome === undefined };
  return { outcome: 'too_late', words: `It was decided already: ${decisionWords(earlier)}.` };
}

/** No question is open: what is possible all the same, or who has decided it. */
function withoutQuestion(bench: Workbench, record: IncidentRecord, given: Answer): Judged {
  const { answer, key, round } = given;
  const { incident, status } = record;
  const plain = key === undefined && (round === undefined || round === record.round);
  const mayStart = status === 'detected' || waitsFor(bench.db, record) !== undefined;
  if (plain && ((answer === 'approve' && mayStart) || (answer === 'reject' && status === 'proposed')))
    return { outcome: 'unasked', record };
  const last = decisionsOf(bench.db, incident, record.round).at(-1);
  if (last) return decidedBefore(last, { who: whoOf(given), answer, record });
  if (key === undefined) return notPossible(record, answer);
  return { outcome: 'too_late', words: `${incident} is ${status}; nothing is asked any more.` };
}

async function actUnasked(
  bench: Workbench,
  { incident }: IncidentRecord,
  { answer, who, reason }: { answer: Answer['answer']; who: string; reason: string | null },
): Promise<Decided> {
  const decision = { incident, who, ...(reason !== null && { why: reason }) };
  const by = whoInWords(who);
  try {
    switch (answer) {
      case 'approve':
        return {
          outcome: 'won',
          words: `May start: ${by}.`,
          record: await approveWaiting(bench, decision),
          pending: false,
        };
      case 'retry':
        return {
          outcome: 'won',
          words: `Queued again by ${by}.`,
          record: await retry(bench.incidents, decision),
          pending: false,
        };
      case 'skip':
        return {
          outcome: 'won',
          words: `Skipped by ${by}.`,
          record: await skip(bench.incidents, decision),
          pending: false,
        };
      case 'reject':
        return {
          outcome: 'won',
          words: `Rejected by ${by}.`,
          record: await reject(bench, { ...decision, why: reason ?? NO_REASON }),
          pending: false,
        };
      default:
        return answer satisfies never;
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { outcome: 'not_possible', words: `${error.message} ${error.next}`.trim() };
  }
}

function notPossible({ incident, status }: IncidentRecord, answer: string): Decided {
  const ways = possible(status);
  return {
    outcome: 'not_possible',
    words: `You cannot ${answer} ${incident}: it is ${status}. ${ways.length > 0 ? `Possible now: ${ways.join(', ')}.` : 'Nothing is to be decided there.'}`,
  };
}
