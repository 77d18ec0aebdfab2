/** The published rates as they stand in docs/guards.md. */
import type { Figure, Rates } from './measure.ts';
import { shown } from './published.ts';

export function ratesTable(rates: Rates): string {
  const rules = [...new Set([...Object.keys(rates.missed), ...Object.keys(rates.false_alarms)])].sort(
    (a, b) => Number(a === 'all') - Number(b === 'all') || a.localeCompare(b),
  );
  const rows = rules.map((rule) => {
    const name = rule === 'all' ? '**all loop rules**' : `\`${rule}\``;
    return `| ${name} | ${cell(rates.missed[rule])} | ${cell(rates.false_alarms[rule])} |`;
  });
  return ['| rule | loops missed | honest runs flagged |', '|---|---|---|', ...rows].join('\n');
}

function cell(figure: Figure | undefined): string {
  return figure === undefined ? '–' : shown(figure);
}
