/**
 * One recorded run through the guards: what they would have said, step by step, and what other thresholds would have
 * changed. Loops are found by the live detector, one per agent; writes and commands are judged by the live functions, once
 * the whole run has told which folder it worked in. Holds no outputs, so that its memory does not grow with them.
 */
import { clip, toPlainText } from '../events/plain-text.ts';
import { LoopDetector } from './loop/detector.ts';
import { type Deed, deedOf, touchedBy } from './replay/deed.ts';
import { judgeOf, type Law } from './replay/judge-deeds.ts';
import { RecordedFix } from './replay/recorded-fix.ts';
import { type LeftOut, readRecording } from './replay/recording.ts';
import { type Detection, type Variant, variantsOf } from './replay/what-if.ts';
import type { Rule } from './rules.ts';
import type { Happening } from './trace/happening.ts';
import type { Placed } from './trace/placed.ts';

export interface ReplayFlag {
  /** 1-based input line: of a call, where it came back; for what a guard denies, where it was asked for. */
  step: number;
  rule: Rule;
  /** Of a loop: the strike it was. Of a denial: the strikes there were by then, none included. */
  strike: 0 | 1 | 2;
  evidence: string;
  advice: string;
}

export interface FlagName {
  step: number;
  rule: Rule;
}

/** What one other threshold would have said about loops. */
export interface WhatIf {
  setting: string;
  value: number;
  /** How many flags of loops there would have been. */
  flags: number;
  gained: FlagName[];
  lost: FlagName[];
}

export interface Replayed {
  /** Calls, prompts, texts and compactions that were read. */
  steps: number;
  /** In the order of their steps. */
  flags: ReplayFlag[];
  what_if: WhatIf[];
}

export interface ReplaySettings extends Law {
  detection: Detection;
  /** Whether other thresholds are tried as well: about fifteen more detectors. */
  whatIf: boolean;
  leftOut?: LeftOut;
}

class Replay {
  readonly #settings: ReplaySettings;
  readonly #loops: Watch;
  readonly #variants: { variant: Variant; watch: Watch }[];
  readonly #fix = new RecordedFix();
  readonly #deeds: Deed[] = [];
  #steps = 0;

  constructor(settings: ReplaySettings) {
    this.#settings = settings;
    this.#loops = new Watch(settings.detection);
    this.#variants = (settings.whatIf ? variantsOf(settings.detection) : []).map((variant) => ({
      variant,
      watch: new Watch(variant.detection),
    }));
  }

  see({ line, started, happening }: Placed): void {
    this.#steps += 1;
    if (happening.kind === 'call') {
      const strikes = this.#loops.strikes(happening.agent);
      const deed = deedOf(happening, { step: started, strikes, fix: this.#fix });
      if (deed !== undefined) this.#deeds.push(deed);
      this.#fix.see(happening);
    }
    this.#loops.see(line, happening);
    for (const { watch } of this.#variants) watch.see(line, happening);
  }

  end(): Replayed {
    const flags = [...this.#loops.flags, ...this.#denials()].sort((a, b) => a.step - b.step);
    return { steps: this.#steps, flags, what_if: this.#variants.map((tried) => this.#compared(tried)) };
  }

  #denials(): ReplayFlag[] {
    const judge = judgeOf(this.#fix, this.#settings);
    return this.#deeds.flatMap((deed) => {
      const denied = judge(deed);
      if (denied === undefined) return [];
      const { rule, reason: advice } = denied;
      return [shown({ step: deed.step, rule, strike: deed.strikes, evidence: touchedBy(deed), advice })];
    });
  }

  #compared({ variant: { setting, value }, watch }: { variant: Variant; watch: Watch }): WhatIf {
    const now = this.#loops.flags;
    return {
      setting,
      value,
      flags: watch.flags.length,
      gained: without(watch.flags, now),
      lost: without(now, watch.flags),
    };
  }
}

/** The loop detectors of one run under one set of thresholds. */
class Watch {
  readonly flags: ReplayFlag[] = [];
  readonly #detection: Detection;
  readonly #detectors = new Map<string, LoopDetector>();

  constructor(detection: Detection) {
    this.#detection = detection;
  }

  strikes(agent: string): 0 | 1 | 2 {
    return this.#detectors.get(agent)?.strikes ?? 0;
  }

  see(step: number, happening: Happening): void {
    let detector = this.#detectors.get(happening.agent);
    if (detector === undefined) {
      detector = new LoopDetector(this.#detection);
      this.#detectors.set(happening.agent, detector);
    }
    const flag = detector.see(happening);
    if (flag !== undefined) this.flags.push(shown({ step, ...flag }));
  }
}

/** A whole recording, line by line; `name` stands in errors. Throws UserError at a line that cannot be read. */
export async function replay(lines: AsyncIterable<string>, name: string, settings: ReplaySettings): Promise<Replayed> {
  const run = new Replay(settings);
  for await (const placed of readRecording(lines, name, settings.leftOut ?? (() => {}))) run.see(placed);
  return run.end();
}

/** Characters of what is quoted in a flag: more than any text of ours, less than a terminal's page. */
const LONGEST_TEXT = 1000;
/** What turns the direction of a text around, so that it reads as something else. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The texts quote a record that anybody may have written: one line each, without control characters. */
function shown(flag: ReplayFlag): ReplayFlag {
  return { ...flag, evidence: oneLine(flag.evidence), advice: oneLine(flag.advice) };
}

function oneLine(text: string): string {
  return clip(toPlainText(text).replace(DIRECTIONS, '').trim(), LONGEST_TEXT).replace(/\s*\n\s*/g, ' ');
}

function without(flags: readonly FlagName[], others: readonly FlagName[]): FlagName[] {
  const known = new Set(others.map(({ step, rule }) => `${step} ${rule}`));
  return flags.filter(({ step, rule }) => !known.has(`${step} ${rule}`)).map(({ step, rule }) => ({ step, rule }));
}
