/** The published rates as they stand in docs/guards.md. */
import { type Figure, shown } from './figure.ts';
import type { Rates } from './measure.ts';

export function ratesTable(rates: Rates): string {
  const rules = [...new Set([...Object.keys(rates.missed), ...Object.keys(rates.false_alarms)])];
  const rows = rules.map((rule) => {
    const name = rule === 'all' ? '**all loop rules**' : `\`${rule}\``;
    return `| ${name} | ${cell(rates.missed[rule])} | ${cell(rates.false_alarms[rule])} |`;
  });
  return [
    '| rule | missed | false alarms |',
    '|---|---|---|',
    ...rows,
    `| held-out, first set, after its causes were repaired | ${shown(rates.held_out.missed)} | ${shown(rates.held_out.false_alarms)} |`,
    `| held-out-2, second set, not looked at before | ${shown(rates.held_out_2.missed)} | ${shown(rates.held_out_2.false_alarms)} |`,
    `| calls of honest healing runs denied | – | ${shown(rates.false_denials)} |`,
    `| scope, command and publish rules, by command | ${shown(rates.commands.missed)} | ${shown(rates.commands.false_alarms)} |`,
    `| \`command.waits\`, by command | ${shown(rates.waiting.missed)} | ${shown(rates.waiting.false_alarms)} |`,
  ].join('\n');
}

function cell(figure: Figure | undefined): string {
  return figure === undefined ? '–' : shown(figure);
}
