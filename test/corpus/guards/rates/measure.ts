/** Misses and false alarms of the guards on their corpus. */
import type { ReplayFlag } from '../../../../hooks/replay.ts';
import type { Rule } from '../../../../hooks/rules.ts';
import { type CommandRates, measureCommands, measureWaiting } from './commands.ts';
import { type Figure, none } from './figure.ts';
import { type Entry, type JudgedRun, judgeAll, readIndexes } from './recorded-runs.ts';

export interface Rates {
  /** Runs that go in circles, by the rule that they are about: no flag of any loop rule in time. */
  missed: Record<string, Figure>;
  /** Of the runs found in time: those where the rule they are about was not among the flags. */
  found_by_another_rule: Figure;
  /** Honest runs, by the rule that they come near to: a flag of any loop rule. */
  false_alarms: Record<string, Figure>;
  /** Calls of honest healing runs that would have been denied. */
  false_denials: Figure;
  /** Of the runs held out first, whose causes were repaired after they were measured; they are in no figure above. */
  held_out: LoopRates;
  /** Of the runs that nobody looked at while the detector was improved; they are in no figure above. */
  held_out_2: LoopRates;
  /** Of all rules about single commands. */
  commands: CommandRates;
  waiting: CommandRates;
}

export interface LoopRates {
  missed: Figure;
  false_alarms: Figure;
}

export interface Named {
  file: string;
  pattern: string;
  what: string;
}

export interface Measured {
  rates: Rates;
  misses: Named[];
  falseAlarms: Named[];
  falseDenials: Named[];
  otherRule: Named[];
}

const ALL = 'all';

export async function measure(): Promise<Measured> {
  const judged = await judgeAll();
  const entries = readIndexes();
  const within = (folders: readonly string[]) =>
    compare(
      judged.filter(({ folder }) => folders.includes(folder)),
      entries,
    );
  const found = within(['loops', 'legitimate', 'recorded']);
  const [first, second] = [within(['held-out']), within(['held-out-2'])];
  const commands = measureCommands();
  const waiting = measureWaiting();
  return {
    ...found,
    rates: {
      ...found.rates,
      held_out: inAll(first.rates),
      held_out_2: inAll(second.rates),
      commands: commands.rates,
      waiting: waiting.rates,
    },
    misses: [...found.misses, ...first.misses, ...second.misses, ...commands.misses, ...waiting.misses],
    falseAlarms: [
      ...found.falseAlarms,
      ...first.falseAlarms,
      ...second.falseAlarms,
      ...commands.falseAlarms,
      ...waiting.falseAlarms,
    ],
  };
}

type Compared = Omit<Measured, 'rates'> & { rates: Omit<Rates, 'held_out' | 'held_out_2' | 'commands' | 'waiting'> };

function compare(judged: readonly JudgedRun[], entries: ReadonlyMap<string, Entry>): Compared {
  const found: Compared = {
    rates: { missed: {}, found_by_another_rule: none(), false_alarms: {}, false_denials: none() },
    misses: [],
    falseAlarms: [],
    falseDenials: [],
    otherRule: [],
  };
  for (const run of judged) {
    const entry = entries.get(run.file);
    if (entry === undefined) throw new Error(`${run.file} stands in no index`);
    if (entry.label === 'loop') countLoop(found, run, entry);
    else countHonest(found, run, entry);
  }
  found.rates.missed = byName(found.rates.missed);
  found.rates.false_alarms = byName(found.rates.false_alarms);
  return found;
}

function inAll({ missed, false_alarms }: Compared['rates']): LoopRates {
  return { missed: missed[ALL] ?? none(), false_alarms: false_alarms[ALL] ?? none() };
}

function countLoop(found: Compared, { file, flags }: JudgedRun, entry: Extract<Entry, { label: 'loop' }>): void {
  const loops = flags.filter(isLoop);
  const inTime = loops.filter(({ step }) => step >= entry.from_step && step <= entry.by_step);
  const miss = inTime.length === 0;
  count(found.rates.missed, entry.rule, miss);
  const window = `${entry.rule} between ${entry.from_step} and ${entry.by_step}`;
  if (miss) found.misses.push({ file, pattern: entry.pattern, what: `${window}: ${named(loops) || 'no flag'}` });
  else {
    const other = inTime.every(({ rule }) => rule !== entry.rule);
    add(found.rates.found_by_another_rule, other);
    if (other) found.otherRule.push({ file, pattern: entry.pattern, what: `${window}: ${named(inTime)}` });
  }
}

function countHonest(
  found: Compared,
  { file, flags, steps }: JudgedRun,
  entry: Extract<Entry, { label: 'legitimate' }>,
): void {
  const loops = flags.filter(isLoop);
  count(found.rates.false_alarms, entry.near, loops.length > 0);
  if (loops.length > 0) found.falseAlarms.push({ file, pattern: entry.pattern, what: named(loops) });
  if (entry.session === 'ordinary') return;
  const denials = flags.filter((flag) => !isLoop(flag));
  found.rates.false_denials.count += denials.length;
  found.rates.false_denials.of += steps;
  for (const { step, rule, evidence } of denials)
    found.falseDenials.push({ file, pattern: entry.pattern, what: `${rule} at ${step}: ${evidence.slice(0, 120)}` });
}

function isLoop({ rule }: { rule: Rule }): boolean {
  return rule.startsWith('loop.');
}

function named(flags: readonly ReplayFlag[]): string {
  return flags.map(({ rule, step, evidence }) => `${rule} at ${step} (${evidence})`).join(', ');
}

function count(figures: Record<string, Figure>, rule: string, hit: boolean): void {
  for (const name of [rule, ALL]) {
    const figure = figures[name] ?? none();
    figures[name] = figure;
    add(figure, hit);
  }
}

/** By the names of the rules, what is true of all at last. */
function byName(figures: Record<string, Figure>): Record<string, Figure> {
  const last = (name: string) => Number(name === ALL);
  return Object.fromEntries(Object.entries(figures).sort(([a], [b]) => last(a) - last(b) || a.localeCompare(b)));
}

function add(figure: Figure, hit: boolean): void {
  figure.of += 1;
  if (hit) figure.count += 1;
}
