/** What `replay` found, for people: the flags with what they rest on, what other thresholds would say, and what to do next. */

import type { FlagName, Replayed, ReplayFlag, WhatIf } from '../../hooks/replay.ts';
import { RULES } from '../../hooks/rules.ts';
import type { Paint } from '../output.ts';
import { clip, wrapped } from '../table.ts';

export interface ReplayTextOptions {
  /** As it was typed. */
  file: string;
  /** The thresholds that were tried beside the config, by their names in `detection`. */
  tried: Readonly<Record<string, number>>;
  columns: number;
  paint: Paint;
}

/** Longer lists belong into `--json`. */
const SHOWN_NAMES = 4;

export function replayText({ steps, flags, what_if }: Replayed, options: ReplayTextOptions): string {
  if (steps === 0)
    return `${options.file === '-' ? 'Standard input' : options.file} holds no step of a run: there is nothing to replay.`;
  const parts = [summary(steps, flags, options), ...flags.map((flag) => block(flag, options))];
  const changes = what_if.filter(({ gained, lost }) => gained.length + lost.length > 0);
  if (what_if.length > 0) parts.push(thresholds(changes, options));
  parts.push(next(flags, changes, options));
  return parts.join('\n\n');
}

function summary(steps: number, flags: readonly ReplayFlag[], options: ReplayTextOptions): string {
  const settings = Object.entries(options.tried).map(([name, value]) => `detection.${name}: ${value}`);
  const tried = settings.length === 0 ? '' : ` With ${settings.join(', ')}.`;
  if (flags.length === 0) return `${counted(steps, 'step')}, and the guards have nothing to say.${tried}`;
  return `${counted(steps, 'step')}, ${counted(flags.length, 'flag')}.${tried}`;
}

function block(flag: ReplayFlag, { columns, paint }: ReplayTextOptions): string {
  const loop = flag.rule.startsWith('loop.');
  const strike = flag.strike === 0 ? '' : `  strike ${flag.strike}`;
  const meaning = RULES[flag.rule];
  const head = `${paint('bold', `line ${flag.step}`)}  ${paint(loop ? 'yellow' : 'red', flag.rule)}${strike}`;
  const rows = [
    ['  rule:', meaning],
    ['  seen:', clip(flag.evidence, 3 * columns)],
    [loop ? '  advice:' : '  answer:', flag.advice],
  ];
  return `${head}\n${wrapped(rows, columns)}`;
}

function thresholds(changes: readonly WhatIf[], { columns }: ReplayTextOptions): string {
  if (changes.length === 0) return 'No neighbouring value of a threshold of detection.* would have changed this.';
  const rows = changes.map(({ setting, value, gained, lost }) => [
    `  ${setting}: ${value}`,
    [difference('gains', gained), difference('loses', lost)].filter((text) => text !== '').join('; '),
  ]);
  return `Other thresholds would have changed this:\n${wrapped(rows, columns)}`;
}

function difference(verb: string, names: readonly FlagName[]): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, SHOWN_NAMES).map(({ step, rule }) => `${rule} at ${step}`);
  const more = names.length > SHOWN_NAMES ? `, and ${names.length - SHOWN_NAMES} more` : '';
  return `${verb} ${shown.join(', ')}${more}`;
}

function next(flags: readonly ReplayFlag[], changes: readonly WhatIf[], { file, tried }: ReplayTextOptions): string {
  const settings = Object.entries(tried).map(([name, value]) => `${name}: ${value}`);
  if (settings.length > 0) return `To keep it: detection: { ${settings.join(', ')} } in .self-healing/config.yaml.`;
  const [quietest] = [...changes].sort((a, b) => a.flags - b.flags);
  if (quietest !== undefined && file !== '-')
    return `To try one of them: self-healing replay ${quoted(file)} --set ${quietest.setting}=${quietest.value}`;
  if (flags.length > 0) return 'What the rules mean: docs/guards.md.';
  return 'Next: replay a run that did go in circles, to see what is found there.';
}

/** As a shell takes it for one word. */
function quoted(file: string): string {
  return /^[\w./~+:@%,-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
