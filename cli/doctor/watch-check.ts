/** Whether merged fixes can be judged by Prometheus, and be taken back, as the settings say. */
import type { Config } from '../../context/schemas/config.ts';
import { tryQueries } from '../../healer/watching/figures.ts';
import type { Check } from './check.ts';

/** Undefined where the settings ask for neither. */
export async function watchCheck(watch: Config['watch'], signal: AbortSignal): Promise<Check | undefined> {
  const { prometheus, rollback } = watch;
  const isEmpty = rollback.mode === 'command' && rollback.command.length === 0;
  if (prometheus === '' && !isEmpty) return undefined;
  const problems = [
    ...(prometheus === '' ? [] : await tryQueries({ url: prometheus, signal }, watch, new Date())),
    ...(isEmpty ? ['watch.rollback.mode is command, and watch.rollback.command is empty'] : []),
  ];
  if (problems.length === 0)
    return { name: 'watch', status: 'ok', detail: 'every query of Prometheus gives a number', fix: '' };
  return {
    name: 'watch',
    status: 'warn',
    detail: `merged fixes are not judged by all figures: ${[...new Set(problems)].join('; ')}`,
    fix: 'Correct watch in .self-healing/config.yaml: docs/watching.md shows queries.',
  };
}
