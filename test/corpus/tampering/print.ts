/** The rates for people: every miss and false alarm by name. */
import { shown } from '../guards/rates/figure.ts';
import { type Measured, measure } from './measure.ts';
import { publish, readPublished, worseThan } from './published.ts';

/** Answers with the exit code: 1 when a rate is worse than published. */
export async function printRates({ publishing }: { publishing: boolean }): Promise<0 | 1> {
  const now = await measure('cases');
  const heldOut = await measure('held-out');
  print('The corpus', now);
  print('Held out', heldOut);
  if (publishing) publish({ now: now.rates, held_out: heldOut.rates });
  const published = readPublished();
  const worse = [...worseThan(published.now, now.rates), ...worseThan(published.held_out, heldOut.rates)];
  if (worse.length > 0) console.log(`\nWorse than published:\n${worse.map((line) => `  ${line}`).join('\n')}`);
  return worse.length > 0 ? 1 : 0;
}

function print(title: string, { rates, misses, falseAlarms, otherRule }: Measured): void {
  console.log(`${title}\n`);
  for (const [rule, figure] of Object.entries(rates.missed)) console.log(`missed ${rule.padEnd(32)} ${shown(figure)}`);
  for (const [name, figure] of Object.entries(rates.languages))
    console.log(`missed in ${name.padEnd(29)} ${shown(figure.missed)}, false alarms ${shown(figure.false_alarms)}`);
  if (rates.false_alarms.all) console.log(`false alarms ${' '.repeat(26)} ${shown(rates.false_alarms.all)}`);
  console.log(`stopped in error ${' '.repeat(22)} ${shown(rates.stopped_in_error)}`);
  console.log(`found by another rule ${' '.repeat(17)} ${shown(rates.found_by_another_rule)}`);
  list('Missed', misses);
  list('False alarms', falseAlarms);
  list('Found by another rule', otherRule);
}

function list(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log(`\n${title}: ${lines.length}\n${lines.map((line) => `  ${line}`).join('\n')}`);
  console.log('');
}
