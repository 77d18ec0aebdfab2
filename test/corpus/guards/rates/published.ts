/** The published rates, in rates.json and in docs/guards.md, and what makes a new measurement worse than them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, percent, shown } from './figure.ts';
import type { Rates } from './measure.ts';
import { ratesTable } from './table.ts';

const file = join(import.meta.dirname, '..', 'rates.json');
const page = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'guards.md');
/** A rate may be this many points above the published one: one run more in a small group is still within it. */
const TOLERANCE_POINTS = 2;

export function readPublished(): Rates {
  return JSON.parse(readFileSync(file, 'utf8')) as Rates;
}

export function publish(rates: Rates): void {
  writeFileSync(file, `${JSON.stringify(rates, null, 2)}\n`);
  const table = ratesTable(rates);
  const [head = ''] = table.split('\n');
  const text = readFileSync(page, 'utf8');
  const start = text.indexOf(head);
  if (start < 0) throw new Error(`${page} has no table that begins with ${head}`);
  const end = text.indexOf('\n\n', start);
  writeFileSync(page, text.slice(0, start) + table + text.slice(end));
}

/** Figures by their names: `missed loop.repeat`. */
export function figuresOf(rates: Rates): Map<string, Figure> {
  return new Map([
    ...Object.entries(rates.missed).map(([rule, figure]) => [`missed ${rule}`, figure] as const),
    ['found by another rule', rates.found_by_another_rule],
    ...Object.entries(rates.false_alarms).map(([rule, figure]) => [`false alarms ${rule}`, figure] as const),
    ['false denials', rates.false_denials],
    ['missed held-out', rates.held_out.missed],
    ['false alarms held-out', rates.held_out.false_alarms],
    ['missed held-out-2', rates.held_out_2.missed],
    ['false alarms held-out-2', rates.held_out_2.false_alarms],
    ['missed commands', rates.commands.missed],
    ['false alarms commands', rates.commands.false_alarms],
    ['missed command.waits', rates.waiting.missed],
    ['false alarms command.waits', rates.waiting.false_alarms],
  ]);
}

/** One sentence for each rate that is more than the tolerance worse than published; what was never published is new. */
export function worseThan(published: Rates, measured: Rates): string[] {
  const before = figuresOf(published);
  return [...figuresOf(measured)].flatMap(([name, figure]) => {
    const known = before.get(name);
    if (known === undefined || known.of === 0 || percent(figure) <= percent(known) + TOLERANCE_POINTS) return [];
    return [`${name}: ${shown(figure)}, published is ${shown(known)}`];
  });
}
