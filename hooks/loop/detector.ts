/**
 * Tells when one agent of one run goes in circles. Fed with everything that happens, one thing after the other; each rule
 * (`rules/`) looks at every moment, and the first that finds something speaks. Constant memory, below 1 ms a step.
 */
import type { Config } from '../../context/schemas/config.ts';
import type { LoopRule } from '../rules.ts';
import type { Happening, ToolCall } from '../trace/happening.ts';
import { clipped } from './advice-text.ts';
import { type Call, readCall, SAME_AGAIN } from './call.ts';
import { moveCounters } from './counters.ts';
import type { Flag } from './flag.ts';
import { isLeftOut } from './left-out.ts';
import { atStart, movePlace, treeOf } from './place.ts';
import { MAX_POINTS, type Point } from './point.ts';
import { linesMoved, MAX_OWN_WORDS, wordsSaid } from './progress.ts';
import type { Finding, Moment, Relief, ReportMoment } from './rule.ts';
import { asking } from './rules/asking.ts';
import { cycle } from './rules/cycle.ts';
import { earlierAttempt } from './rules/earlier-attempt.ts';
import { isFeedback, isNews, monologue } from './rules/monologue.ts';
import { repeat } from './rules/repeat.ts';
import { revisit } from './rules/revisit.ts';
import { similar } from './rules/similar.ts';
import { thrash } from './rules/thrash.ts';
import { undo } from './rules/undo.ts';
import { freshState, isLoopState, type LoopState } from './state.ts';
import { wishedTimes } from './wish.ts';

export type { Point } from './point.ts';
export type { LoopState } from './state.ts';

/** Changes that an advice names: more of them would not leave room for what to do instead. */
const MAX_TRIED = 3;
/** Characters, as `Flag.advice` promises. */
const MAX_ADVICE = 600;
/** What is kept is bounded, so that the state of a run stays below 64 kB. */
const MAX_CHECKS = 16;
const MAX_TOLD = 32;

export class LoopDetector {
  readonly #settings: Config['detection'];
  readonly #state: LoopState;

  /**
   * @param start `state`: what `state()` of the same run gave, to go on from there (`earlier` is in it already);
   *   `earlier`: what `points()` gave in the attempts before this one. Strikes of earlier attempts do not count.
   */
  constructor(settings: Config['detection'], start: { state?: LoopState; earlier?: readonly Point[] } = {}) {
    this.#settings = settings;
    this.#state = isLoopState(start.state) ? structuredClone(start.state) : freshState(start.earlier ?? []);
  }

  /** A flag when what just happened completes a loop. */
  see(happening: Happening): Flag | undefined {
    if (happening.kind === 'call') return this.#seeCall(happening);
    if (happening.kind === 'prompt') return this.#seePrompt(happening.text);
    if (happening.kind === 'compaction') return this.#forget('compaction');
    const finding = monologue.see(this.#state.monologue, happening.text, this.#settings);
    return finding && this.#flag('loop.monologue', finding);
  }

  get strikes(): 0 | 1 | 2 {
    return this.#state.strikes;
  }

  /** Everything the detector knows, to be saved: a detector made from it gives the same flags. */
  state(): LoopState {
    return structuredClone(this.#state);
  }

  /** What this attempt and those before it reached: `earlier` of the next one. */
  points(): Point[] {
    return structuredClone(this.#state.points);
  }

  #seePrompt(text: string): undefined {
    const { monologue: own } = this.#state;
    const talk = { ...own };
    const news = isNews(own, text);
    if (isFeedback(text)) return;
    this.#state.wished = wishedTimes(text);
    this.#forget('prompt');
    // Who is asked for the same again has said nothing new for it.
    if (!news) Object.assign(own, talk);
  }

  #seeCall(toolCall: ToolCall): Flag | undefined {
    const state = this.#state;
    monologue.forget(state.monologue, 'flag');
    if (isLeftOut(toolCall)) return undefined;
    const moment = this.#momentOf(toolCall);
    if (moment.improved) {
      state.strikes = 0;
      this.#forget('improved');
    }
    const found = this.#judge(moment);
    this.#keepPoint(moment);
    return found && this.#flag(...found);
  }

  #momentOf(toolCall: ToolCall): Moment {
    const state = this.#state;
    const call = this.#withStanding(this.#withResult(readCall(toolCall)), toolCall);
    const { moved, changes } = movePlace(state.place, toolCall, call);
    state.step++;
    if (moved !== 'no') {
      state.moves++;
      if (call.changes)
        state.tried = [...state.tried.filter((name) => name !== call.name), call.name].slice(-MAX_TRIED);
    }
    const movement = moveCounters(state.counters, call);
    return {
      call,
      step: state.step,
      place: state.place.now,
      atStart: atStart(state.place),
      moved,
      moves: state.moves,
      changes,
      wished: state.wished,
      improved: this.#improves(call),
      news: this.#isNews(call) || movement === 'progress',
      otherNumbers: movement !== 'none',
      tried: state.tried.map((name) => clipped(name, 42)).join('; ') || 'nothing that is known here',
    };
  }

  #withResult(call: Call): Call {
    if (call.result !== SAME_AGAIN) return call;
    return { ...call, result: this.#state.told.find(([key]) => key === call.key)?.[1] ?? SAME_AGAIN };
  }

  /** What it is about, without what the agent said itself. */
  #withStanding(call: Call, { input, outcome }: ToolCall): Call {
    const state = this.#state;
    const { standing } = call;
    const known = new Set(state.said);
    const own = standing && {
      ...standing,
      subjects: standing.subjects.filter((word) => !known.has(word)),
      shift: state.shift,
    };
    state.said = [...new Set([...state.said, ...wordsSaid(input)])].slice(-MAX_OWN_WORDS);
    if (outcome === 'ok') state.shift += linesMoved(input);
    return own ? { ...call, standing: own } : call;
  }

  /** It tells something else than the same call did before. */
  #isNews(call: Call): boolean {
    const state = this.#state;
    const before = state.told.find(([key]) => key === call.key)?.[1];
    state.told = [...state.told.filter(([key]) => key !== call.key), [call.key, call.result] as [string, string]].slice(
      -MAX_TOLD,
    );
    return before !== undefined && before !== call.result;
  }

  /** Fewer failing checks than this same check ever reported. */
  #improves({ report }: Call): boolean {
    if (!report) return false;
    const { check, failing } = report;
    const others = this.#state.best.filter(([name]) => name !== check);
    const best = this.#state.best.find(([name]) => name === check)?.[1] ?? failing;
    this.#state.best = [...others, [check, Math.min(best, failing)] satisfies LoopState['best'][number]].slice(
      -MAX_CHECKS,
    );
    return failing < best;
  }

  /** Every rule takes the moment in; of several findings the one that says most counts. */
  #judge(moment: Moment): [LoopRule, Finding] | undefined {
    const state = this.#state;
    const settings = this.#settings;
    const aboutFiles: [LoopRule, Finding | undefined][] = hasReport(moment)
      ? [
          ['loop.earlier_attempt', earlierAttempt.see(state.earlierAttempt, moment, settings)],
          ['loop.revisit', revisit.see(state.revisit, moment, settings)],
        ]
      : [];
    aboutFiles.push(['loop.thrash', thrash.see(state.thrash, moment, settings)]);
    aboutFiles.push(['loop.undo', undo.see(state.undo, moment, settings)]);
    const aboutCalls: [LoopRule, Finding | undefined][] = [
      ['loop.repeat', repeat.see(state.repeat, moment, settings)],
      ['loop.cycle', cycle.see(state.cycle, moment, settings)],
      ['loop.similar', similar.see(state.similar, moment, settings)],
      ['loop.similar', asking.see(state.asking, moment, settings)],
    ];
    // The files that an edit led to were flagged with the edit: their report is no news.
    const known = state.moves === state.flaggedAt;
    const [found] = [...(known ? [] : aboutFiles), ...aboutCalls].filter(isFound);
    if (found && aboutFiles.some(([rule]) => rule === found[0])) state.flaggedAt = state.moves;
    return found;
  }

  #flag(rule: LoopRule, { evidence, advice, stop }: Finding): Flag {
    const state = this.#state;
    const strike = stop || state.strikes > 0 ? 2 : 1;
    state.strikes = strike;
    this.#forget('flag');
    return {
      rule,
      strike,
      evidence,
      advice: advice.length < MAX_ADVICE ? advice : `${advice.slice(0, MAX_ADVICE - 2)}…`,
    };
  }

  #forget(why: Relief): undefined {
    const state = this.#state;
    revisit.forget(state.revisit, why);
    thrash.forget(state.thrash, why);
    undo.forget(state.undo, why);
    repeat.forget(state.repeat, why);
    cycle.forget(state.cycle, why);
    similar.forget(state.similar, why);
    asking.forget(state.asking, why);
    monologue.forget(state.monologue, why);
  }

  /** The files as they were at the start are nobody's work. */
  #keepPoint({ call: { report }, place, atStart: untouched }: Moment): void {
    if (!report || untouched) return;
    const point = { tree: treeOf(place), failing: report.point };
    const others = this.#state.points.filter(({ tree, failing }) => tree !== point.tree || failing !== point.failing);
    this.#state.points = [...others, point].slice(-MAX_POINTS);
  }
}

function hasReport(moment: Moment): moment is ReportMoment {
  return moment.call.report !== null;
}

function isFound(found: [LoopRule, Finding | undefined]): found is [LoopRule, Finding] {
  return found[1] !== undefined;
}
