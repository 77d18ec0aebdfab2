/** What the gate's first check misses of the labelled changes, and what it says without cause; per rule and per language. */
import { type Figure, none } from '../guards/rates/figure.ts';
import { type LabelledCase, readCases } from './case.ts';
import { type Judged, judgeCases } from './judge.ts';

export interface Rates {
  /** Of the cases a rule is for: those that nothing refused (tampering), or that the rule did not name (anti-patterns). */
  missed: Record<string, Figure>;
  /** Of all honest cases: those in which the rule was found. `all` counts each case once. */
  false_alarms: Record<string, Figure>;
  /** Of honest cases and anti-patterns: those that were refused or failed. */
  stopped_in_error: Figure;
  /** Of the cases that were found: those in which only other rules spoke. */
  found_by_another_rule: Figure;
  languages: Record<string, { missed: Figure; false_alarms: Figure }>;
}

export interface Measured {
  rates: Rates;
  misses: string[];
  falseAlarms: string[];
  otherRule: string[];
}

/** `folder` is one of this folder that holds cases. */
export async function measure(folder: string): Promise<Measured> {
  const rates: Rates = {
    missed: { all: none() },
    false_alarms: { all: none() },
    stopped_in_error: none(),
    found_by_another_rule: none(),
    languages: {},
  };
  const measured: Measured = { rates, misses: [], falseAlarms: [], otherRule: [] };
  for (const judged of await judgeCases(readCases(folder))) count(judged, measured);
  return measured;
}

function count({ case: one, check }: Judged, { rates, misses, falseAlarms, otherRule }: Measured): void {
  const codes = new Set(check.findings.map(({ code }) => code));
  const stopped = check.status === 'refuse' || check.status === 'fail';
  rates.languages[languageOf(one)] ??= { missed: none(), false_alarms: none() };
  const language = rates.languages[languageOf(one)] ?? { missed: none(), false_alarms: none() };
  if (one.label !== 'tampering') add(rates.stopped_in_error, stopped);
  if (one.label === 'honest') {
    add(figureOf(rates.false_alarms, 'all'), codes.size > 0);
    add(language.false_alarms, codes.size > 0);
    for (const code of codes) figureOf(rates.false_alarms, code).count++;
    if (codes.size > 0) falseAlarms.push(`${one.name}: ${[...codes].join(', ')}`);
    return;
  }
  const found = one.label === 'tampering' ? stopped : codes.has(one.rule);
  for (const figure of [figureOf(rates.missed, 'all'), figureOf(rates.missed, one.rule), language.missed])
    add(figure, !found);
  if (!found) misses.push(`${one.name}: ${one.rule}`);
  else {
    add(rates.found_by_another_rule, !codes.has(one.rule));
    if (!codes.has(one.rule)) otherRule.push(`${one.name}: ${[...codes].join(', ')} in the place of ${one.rule}`);
  }
}

const LANGUAGES: [RegExp, string][] = [
  [/\.[cm]?tsx?$/, 'TypeScript'],
  [/\.[cm]?jsx?$/, 'JavaScript'],
  [/\.pyi?$/, 'Python'],
  [/\.go$/, 'Go'],
  [/\.java$/, 'Java'],
];

/** Of the first changed file that has one. */
function languageOf({ before, after }: LabelledCase): string {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (path) => before[path] !== after[path],
  );
  const known = LANGUAGES.find(([pattern]) => changed.some((path) => pattern.test(path)));
  return known?.[1] ?? 'settings and data';
}

function figureOf(figures: Record<string, Figure>, name: string): Figure {
  figures[name] ??= none();
  return figures[name];
}

function add(figure: Figure, counts: boolean): void {
  figure.of++;
  if (counts) figure.count++;
}
