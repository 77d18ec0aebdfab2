/**
 * One agent of a healing run under watch: two strikes for going in circles, and an end for one that keeps trying what it
 * may not do. A stopped agent may still hand over; when it tries three more times to do something else, it is ended.
 */
import { LoopDetector, type LoopState, type Point } from '../loop/detector.ts';
import type { Flag } from '../loop/flag.ts';
import { TOOL_PREFIX } from '../own-server.ts';
import type { Denial, Rule } from '../rules.ts';
import type { Happening, ToolCall } from '../trace/happening.ts';
import { plain, type Stop, stopRule, stopText } from './agent-stop.ts';

export type DetectionSettings = ConstructorParameters<typeof LoopDetector>[0];

/** Everything that the next server has to know; plain JSON of bounded size. */
export interface WatchState {
  loop: LoopState;
  stopped: Stop | null;
  /** Denials since it was stopped. */
  denials: number;
  /** For each turn in a row of which every call was denied, the rule that denied its last one. */
  outside: Rule[];
}

export interface WatchStart {
  settings: DetectionSettings;
  state?: WatchState | undefined;
  /** Where earlier attempts at the same incident were. */
  earlier?: readonly Point[] | undefined;
}

/**
 * Turns in a row in which every call was denied: an agent that takes a denial for an answer tries something else after one
 * or two.
 */
export const DRIFT_TURNS = 5;
/** Denials after a stop, until it is ended. */
export const LAST_DENIALS = 3;

const ESCALATE = `${TOOL_PREFIX}escalate`;

export class AgentWatch {
  private readonly detector: LoopDetector;
  private stop: Stop | null;
  private denials: number;
  private outside: Rule[];
  /** A second strike that waits for the next turn, and the calls it was about. */
  private held: { stop: Stop; calls: ReadonlySet<string> } | undefined;

  constructor({ settings, state, earlier }: WatchStart) {
    this.detector = new LoopDetector(settings, { ...(state && { state: state.loop }), ...(earlier && { earlier }) });
    this.stop = state?.stopped ?? null;
    this.denials = state?.denials ?? 0;
    this.outside = state?.outside ?? [];
  }

  get stopped(): Stop | null {
    return this.stop;
  }

  /** True when it was stopped and would not hand over. */
  get over(): boolean {
    return this.stop !== null && this.denials >= LAST_DENIALS;
  }

  /** The denial of a stopped agent's call; counts it. */
  denyIfStopped(tool: string): Denial | undefined {
    if (this.stop === null || tool === ESCALATE) return undefined;
    this.denials += 1;
    return denialOf(this.stop);
  }

  /**
   * A turn has come back. `deniedBy` names the rule for each call id that the guard denied. Answers what the agent is
   * told before its next turn.
   */
  sawTurn(happenings: readonly Happening[], deniedBy: ReadonlyMap<string, Rule>): string[] {
    if (this.stop !== null) return [];
    const made = new Set(happenings.filter((happening) => happening.kind === 'call').map(identityOf));
    const held = this.held && [...made].some((call) => this.held?.calls.has(call)) ? this.held.stop : undefined;
    if (made.size > 0) this.held = undefined;
    const advice: string[] = [];
    let second: Stop | undefined;
    for (const happening of happenings) {
      const flag = this.detector.see(happening);
      if (flag === undefined) continue;
      if (flag.strike === 2) second ??= { mode: 'loop', evidence: `${flag.evidence} [${flag.rule}]` };
      if (flag.strike === 1) advice.push(adviceOf(flag));
    }
    // Both strikes in one turn: the agent has read neither, so the second counts when it goes on the same way.
    if (second !== undefined && advice.length > 0) this.held = { stop: second, calls: made };
    else this.stop = second ?? held ?? null;
    if (this.stop !== null) return [told(this.stop)];
    this.outside = outsideAfter(this.outside, happenings, deniedBy);
    if (this.outside.length < DRIFT_TURNS) return advice;
    const rules = [...new Set(this.outside)].join(', ');
    this.stop = {
      mode: 'drift',
      evidence: `every call of ${DRIFT_TURNS} turns in a row was denied (${rules})`,
    };
    return [told(this.stop)];
  }

  state(): WatchState {
    return { loop: this.detector.state(), stopped: this.stop, denials: this.denials, outside: this.outside };
  }

  points(): Point[] {
    return this.detector.points();
  }
}

function identityOf({ tool, input }: ToolCall): string {
  return `${tool} ${JSON.stringify(input)}`;
}

/** What the client itself refused (an input without form) says nothing about where an agent wants to go. */
function outsideAfter(
  turns: readonly Rule[],
  happenings: readonly Happening[],
  deniedBy: ReadonlyMap<string, Rule>,
): Rule[] {
  const calls = happenings.filter((happening) => happening.kind === 'call');
  const rules = calls
    .filter(({ id, outcome }) => outcome !== 'refused' || deniedBy.has(id))
    .map(({ id }) => deniedBy.get(id))
    .map((rule) => (isOutside(rule) ? rule : undefined));
  if (rules.length === 0) return [...turns];
  const denied = rules.filter((rule) => rule !== undefined);
  const last = denied.at(-1);
  return last !== undefined && denied.length === rules.length ? [...turns, last] : [];
}

/** Denied for what it wanted to do; a guard that could not judge is no sign of it. */
function isOutside(rule: Rule | undefined): boolean {
  return rule !== undefined && /^(?:scope|command|publish)\./.test(rule);
}

/** As the agent reads it where a call of its own is denied. */
function denialOf(stop: Stop): Denial {
  return { rule: stopRule(stop), reason: `Denied: ${stopText(stop)}` };
}

function told(stop: Stop): string {
  return `self-healing: ${stopText(stop)} [${stopRule(stop)}]`;
}

function adviceOf({ rule, evidence, advice }: Flag): string {
  return `self-healing, first of two strikes: ${plain(evidence)}. ${advice} The next one stops this run. [${rule}]`;
}
