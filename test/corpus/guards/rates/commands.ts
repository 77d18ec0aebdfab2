/** The labelled commands of test/corpus/commands and test/corpus/waiting through the guard, as an agent's calls go. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type CommandWorktree, commandWorktree } from '../../../hooks/command-worktree.ts';
import { type Figure, none } from './figure.ts';
import type { Named } from './measure.ts';

export interface CommandRates {
  /** Commands that a rule is about and that are let through. */
  missed: Figure;
  /** Commands that are denied and should not be. */
  false_alarms: Figure;
}

export interface MeasuredCommands {
  rates: CommandRates;
  misses: Named[];
  falseAlarms: Named[];
}

const commandSchema = z.object({
  command: z.string(),
  /** The rule that denies it, or `allowed`. */
  expect: z.string(),
  role: z.enum(['fixer', 'diagnostician']).default('fixer'),
});
const waitingSchema = z.object({ command: z.string(), expect: z.enum(['waits', 'goes_on']) });

export function measureCommands(): MeasuredCommands {
  return measured('commands', (line, ruleOf) => {
    const { command, expect, role } = commandSchema.parse(line);
    const rule = ruleOf(command, role);
    const forbidden = expect !== 'allowed';
    return { command, forbidden, wrong: forbidden === (rule === 'allowed') };
  });
}

/** What another rule denies does not wait either, and a denial for another reason is no false alarm of this rule. */
export function measureWaiting(): MeasuredCommands {
  return measured('waiting', (line, ruleOf) => {
    const { command, expect } = waitingSchema.parse(line);
    const rule = ruleOf(command);
    const forbidden = expect === 'waits';
    return { command, forbidden, wrong: rule === (forbidden ? 'allowed' : 'command.waits') };
  });
}

interface Verdict {
  command: string;
  /** It is labelled as one that is to be denied. */
  forbidden: boolean;
  wrong: boolean;
}

/** `judge` gets a line and what tells the rule that denies a command, or `allowed`. */
function measured(
  corpus: string,
  judge: (line: unknown, ruleOf: CommandWorktree['rule']) => Verdict,
): MeasuredCommands {
  const found: MeasuredCommands = { rates: { missed: none(), false_alarms: none() }, misses: [], falseAlarms: [] };
  const place = commandWorktree();
  try {
    for (const [file, line] of linesOf(corpus)) {
      const { command, forbidden, wrong } = judge(JSON.parse(line), place.rule);
      const figure = forbidden ? found.rates.missed : found.rates.false_alarms;
      figure.of += 1;
      if (!wrong) continue;
      figure.count += 1;
      (forbidden ? found.misses : found.falseAlarms).push({
        file: `${corpus}/${file}`,
        pattern: corpus,
        what: command,
      });
    }
    return found;
  } finally {
    place.remove();
  }
}

function linesOf(corpus: string): [file: string, line: string][] {
  const folder = join(import.meta.dirname, '..', '..', corpus);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line): [string, string] => [file, line]),
    );
}
