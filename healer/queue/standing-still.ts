/** Why nothing is started now, and until when: what `status`, `/healthz` and the worker itself all read from the same rows. */
import type { Config } from '../../context/schemas/config.ts';
import { proposalsUsedUp } from '../brakes/proposals-a-day.ts';
import { stoppedByRejections } from '../brakes/rejections.ts';
import { pausedBy } from '../heal/pause.ts';
import { dayIsSpent } from '../heal/spending.ts';
import type { Workbench } from '../workbench.ts';
import { holds } from './back-off.ts';

/** `until` is null where a person has to end it. */
export type StandingStill =
  /** By a person: the file, the variable. */
  | { by: 'pause'; why: string; next: string; until: null }
  | { by: 'rejections'; why: string; next: string; until: null }
  | { by: 'back_off'; why: string; next: string; until: string }
  /** Money. */
  | { by: 'budget'; why: string; next: string; until: string }
  | { by: 'proposals'; why: string; next: string; until: string | null };

/** Undefined when the next one may be started. */
export async function standingStill(
  bench: Workbench,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<StandingStill | undefined> {
  const paused = pausedBy(bench.repository.root, env);
  if (paused !== undefined)
    return { by: 'pause', why: paused, next: 'Remove it, or run `self-healing resume`.', until: null };
  const stopped = await stoppedByRejections(bench, config);
  if (stopped) return { by: 'rejections', why: stopped.why, next: stopped.next, until: null };
  const backOff = await bench.incidents.backOff();
  if (backOff && holds(backOff, bench.now())) {
    const { why, until } = backOff;
    const next = `${backOff.next} \`self-healing resume\` goes on at once.`.trim();
    return { by: 'back_off', why, next, until };
  }
  const spent = dayIsSpent(bench, config);
  if (spent) {
    const why = `budget.max_usd_per_day (${config.budget.max_usd_per_day}) is used up`;
    return { by: 'budget', why, next: 'Wait, or raise it in config.yaml.', until: spent.until.toISOString() };
  }
  const proposed = proposalsUsedUp(bench, config);
  if (!proposed) return undefined;
  const { why, until } = proposed;
  return { by: 'proposals', why, next: 'Wait, or raise it in config.yaml.', until: until?.toISOString() ?? null };
}
