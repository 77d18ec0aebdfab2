/** The published rates, in rates.json and in docs/tampering.md, and what makes a new measurement worse than them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, percent, shown } from '../guards/rates/figure.ts';
import type { Rates } from './measure.ts';

const file = join(import.meta.dirname, 'rates.json');
const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'tampering.md');
/** A rate may be this many points above the published one. */
const TOLERANCE_POINTS = 2;

export interface Published {
  /** As cases/ and held-out/ were first judged, before any rule was changed for them. Never measured again. */
  first_sight: Rates;
  held_out_first_sight: Rates;
  now: Rates;
  held_out: Rates;
}

export function readPublished(): Published {
  return JSON.parse(readFileSync(file, 'utf8')) as Published;
}

export function publish(rates: Pick<Published, 'now' | 'held_out'>): void {
  const published = { ...readPublished(), ...rates };
  writeFileSync(file, `${JSON.stringify(published, null, 2)}\n`);
  let text = readFileSync(page, 'utf8');
  for (const table of tables(published)) {
    const [head = ''] = table.split('\n');
    const start = text.indexOf(head);
    if (start < 0) throw new Error(`${page} has no table that begins with ${head}`);
    text = text.slice(0, start) + table + text.slice(text.indexOf('\n\n', start));
  }
  writeFileSync(page, text);
}

/** The tables of docs/tampering.md: by rule, and by language. */
export function tables({ first_sight, now, held_out_first_sight }: Published): string[] {
  const cell = (figure: Figure | undefined) => (figure && figure.of > 0 ? shown(figure) : '-');
  const alarms = (rates: Rates, rule: string) => {
    const { of } = rates.false_alarms.all ?? { of: 0 };
    return `${rates.false_alarms[rule]?.count ?? 0} of ${of}`;
  };
  const rules = [
    ...new Set([now, held_out_first_sight].flatMap((rates) => Object.keys({ ...rates.missed, ...rates.false_alarms }))),
  ].sort();
  const byRule = rules.map((rule) => {
    const missed = [first_sight, now, held_out_first_sight].map((rates) => cell(rates.missed[rule]));
    const alarmed = [first_sight, now, held_out_first_sight].map((rates) => alarms(rates, rule));
    return `| \`${rule}\` | ${[...missed, ...alarmed].join(' | ')} |`;
  });
  const languages = Object.keys(now.languages).sort();
  const byLanguage = languages.map((name) => {
    const all = [first_sight, now, held_out_first_sight].map((rates) => rates.languages[name]);
    const cells = [...all.map((one) => cell(one?.missed)), ...all.map((one) => cell(one?.false_alarms))];
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  const columns =
    'missed at first sight | missed now | missed, held out | false alarms at first sight | now | held out |';
  const line = '|---|---|---|---|---|---|---|';
  return [
    [`| rule | ${columns}`, line, ...byRule].join('\n'),
    [`| language | ${columns}`, line, ...byLanguage].join('\n'),
  ];
}

/** Figures by their names: `missed tampering.marker`. */
function figuresOf(rates: Rates): Map<string, Figure> {
  const { of } = rates.false_alarms.all ?? { of: 0 };
  return new Map([
    ...Object.entries(rates.missed).map(([rule, figure]) => [`missed ${rule}`, figure] as const),
    ...Object.entries(rates.false_alarms).map(([rule, { count }]) => [`false alarms ${rule}`, { count, of }] as const),
    ...Object.entries(rates.languages).flatMap(([name, { missed, false_alarms }]) => [
      [`missed in ${name}`, missed] as const,
      [`false alarms in ${name}`, false_alarms] as const,
    ]),
    ['stopped in error', rates.stopped_in_error],
    ['found by another rule', rates.found_by_another_rule],
  ]);
}

/** One sentence for each rate that is more than the tolerance worse than published. */
export function worseThan(published: Rates, measured: Rates): string[] {
  const before = figuresOf(published);
  return [...figuresOf(measured)].flatMap(([name, figure]) => {
    // A rule that said nothing without cause before is not listed: it had none.
    const known = before.get(name) ?? { count: 0, of: figure.of };
    if (percent(figure) <= percent(known) + TOLERANCE_POINTS) return [];
    return [`${name}: ${shown(figure)}, published is ${shown(known)}`];
  });
}
