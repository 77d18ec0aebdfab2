/** The labelled commands of test/corpus/waiting through the guard, as an agent's calls go through it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { judgeCall } from '../../../../hooks/guard/judge-call.ts';
import { type Figure, none } from './figure.ts';
import type { Named } from './measure.ts';

const folder = join(import.meta.dirname, '..', '..', 'waiting');
const entrySchema = z.object({ command: z.string(), expect: z.enum(['waits', 'goes_on']) });

export interface WaitingRates {
  /** Commands that wait and are let through. */
  missed: Figure;
  /** Commands that go on by themselves and are denied as waiting. */
  false_alarms: Figure;
}

export function measureWaiting(): { rates: WaitingRates; misses: Named[]; falseAlarms: Named[] } {
  const rates = { missed: none(), false_alarms: none() };
  const misses: Named[] = [];
  const falseAlarms: Named[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean)) {
      const { command, expect } = entrySchema.parse(JSON.parse(line));
      const rule = ruleFor(command);
      const waits = expect === 'waits';
      const wrong = waits ? rule === undefined : rule === 'command.waits';
      const figure = waits ? rates.missed : rates.false_alarms;
      figure.of += 1;
      if (!wrong) continue;
      figure.count += 1;
      (waits ? misses : falseAlarms).push({ file: `waiting/${file}`, pattern: expect, what: command });
    }
  }
  return { rates, misses, falseAlarms };
}

/** The rule that denies it, whichever that is: what may not be run at all does not wait either. */
function ruleFor(command: string): string | undefined {
  const worktree = '/recorded-run';
  return judgeCall({ tool: 'Bash', input: { command }, cwd: worktree }, 'fixer', {
    incident: '',
    worktree,
    protectedFolders: [],
    affectedFiles: null,
    forbiddenBy: () => undefined,
    isTest: () => true,
  })?.rule;
}
