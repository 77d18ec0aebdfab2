/** Runs as tables: the phases of a reproduction, one line each, and what every other command told on each tree. */
import { isAside, isBroken, isRelease, plainCommand } from '../../../gate/evidence.ts';
import type { Evidence } from '../../../gate/verification.ts';
import { cell, code } from './quote.ts';

const ROLES: Record<Evidence['at'], string> = {
  base: 'base',
  base_tests: 'base + the new tests',
  base_source: 'base + the change, old tests',
  fix: 'the fix',
  revert: 'the change taken back',
};

export function isRed({ exit, counts }: Evidence): boolean {
  return exit !== 0 || (counts?.failed ?? 0) > 0;
}

/** The runs of each command, the gate's mark apart, in the order of their first. */
export function byCommand(evidence: readonly Evidence[]): [command: string, runs: Evidence[]][] {
  const commands = new Map<string, Evidence[]>();
  for (const run of evidence) {
    const command = plainCommand(run);
    const known = commands.get(command);
    if (known) known.push(run);
    else commands.set(command, [run]);
  }
  return [...commands];
}

/** Of one reproduction: equal runs in a row are one line. */
export function phasesTable(runs: readonly Evidence[]): string {
  const rows = phases(runs).map(([run, times]) => {
    const on = asideOf(run) ?? ROLES[run.at];
    return `| **${isRed(run) ? 'red' : 'green'}** | ${on} | ${times}× | ${counted(run)} | ${run.exit ?? 'ended by us'} |`;
  });
  return ['| | On | Runs | Cases | Exit |', '|---|---|---|---|---|', ...rows].join('\n');
}

function asideOf(run: Evidence): string | undefined {
  if (isBroken(run)) return 'the fix, a diagnosed file broken on purpose';
  return isRelease(run) ? 'the release that the incident names + the new tests' : undefined;
}

/** `red 3× before, green 3× after, red 3× taken back`, of the first reproduction. */
export function phasesWords(evidence: readonly Evidence[]): string {
  const [first] = byCommand(evidence);
  if (!first) return 'not run';
  const where = {
    base: 'on the base',
    base_tests: 'before',
    base_source: 'without tests',
    fix: 'after',
    revert: 'taken back',
  };
  return phases(first[1])
    .slice(0, 6)
    .map(
      ([run, times]) =>
        `${isRed(run) ? 'red' : 'green'} ${times}× ${isBroken(run) ? 'broken' : isRelease(run) ? 'in the release' : where[run.at]}`,
    )
    .join(', ');
}

/** Whether every reproduction was red before, green after, and red again with the change taken back; and how often. */
export function provenTimes(evidence: readonly Evidence[]): number | undefined {
  const times = byCommand(evidence).map(([, runs]) => {
    const of = (at: Evidence['at'], red: boolean) => {
      const told = runs.filter((run) => run.at === at && !isAside(run));
      return told.every((run) => isRed(run) === red) ? told.length : 0;
    };
    return Math.min(of('base_tests', true), of('fix', false), of('revert', true));
  });
  const least = Math.min(...times);
  return times.length > 0 && least > 0 ? least : undefined;
}

/** One line for each command: what it counted on the base, with the change alone, and on the whole fix. */
export function commandsTable(commands: readonly [command: string, runs: Evidence[]][]): string {
  const on = (runs: readonly Evidence[], at: Evidence['at']) => {
    const told = runs
      .filter((run) => run.at === at)
      .map((run) => counted(run) + (run.exit === 0 ? '' : `, exit ${run.exit ?? 'by us'}`));
    return [...new Set(told)].slice(0, 3).join('; ') || 'not run';
  };
  const rows = commands.map(([command, runs]) => {
    const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
    return `| ${cell(command)} | ${on(runs, 'base')} | ${on(runs, 'base_source')} | ${on(runs, 'fix')} | ${seconds.toFixed(1)} s |`;
  });
  const head = `| Command | ${ROLES.base} | ${ROLES.base_source} | ${ROLES.fix} | Time |`;
  return [head, '|---|---|---|---|---|', ...rows].join('\n');
}

export function commandCode(command: string): string {
  return code(command, 300);
}

/** Equal runs in a row are one, with how often. */
function phases(runs: readonly Evidence[]): [run: Evidence, times: number][] {
  const groups: [Evidence, number][] = [];
  const said = (run: Evidence) => JSON.stringify([run.at, asideOf(run), run.exit, run.counts]);
  for (const run of runs) {
    const last = groups.at(-1);
    if (last && said(last[0]) === said(run)) last[1] += 1;
    else groups.push([run, 1]);
  }
  return groups.slice(0, 20);
}

function counted({ counts }: Evidence): string {
  if (counts === null) return 'not counted';
  const { passed, failed, skipped } = counts;
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
