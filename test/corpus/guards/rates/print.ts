/** The rates for people: every miss and false alarm by name. */
import { shown } from './figure.ts';
import { measure, type Named } from './measure.ts';
import { figuresOf, publish, readPublished, worseThan } from './published.ts';

/** Answers with the exit code: 1 when a rate is worse than published. */
export async function printRates({ publishing }: { publishing: boolean }): Promise<0 | 1> {
  const { rates, misses, falseAlarms, falseDenials, otherRule } = await measure();
  for (const [name, figure] of figuresOf(rates)) console.log(`${name.padEnd(36)} ${shown(figure)}`);
  list('Missed', misses);
  list('False alarms', falseAlarms);
  list('False denials', falseDenials);
  list('Found in time, by another rule', otherRule);
  if (publishing) publish(rates);
  const worse = worseThan(readPublished(), rates);
  if (worse.length > 0) console.log(`\nWorse than published:\n${worse.map((line) => `  ${line}`).join('\n')}`);
  return worse.length > 0 ? 1 : 0;
}

function list(title: string, named: readonly Named[]): void {
  if (named.length === 0) return;
  console.log(`\n${title}: ${named.length}`);
  for (const { file, what } of named) console.log(`  ${file}: ${what}`);
}
