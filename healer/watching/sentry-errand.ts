/** Tells Sentry that an issue is resolved, once, after the watch found it so. The one place of the product that does. */
import { z } from 'zod';
import type { NewErrand } from '../../store/errands.ts';
import type { ErrandRunner } from '../intake/errands.ts';
import type { Log } from '../intake/log.ts';
import type { Intake } from '../intake/receive.ts';
import { sentryIssueOf } from './again.ts';
import { openSentry, resolveIssue } from './sentry.ts';

const KIND = 'sentry-resolve';
const payloadSchema = z.object({ incident: z.string(), round: z.int() });

export function resolveErrand(incident: string, round: number): NewErrand {
  return { id: `${KIND} ${incident}/${round}`, kind: KIND, payload: { incident, round } };
}

export function sentryResolver(
  { bench, env, settings }: Pick<Intake, 'bench' | 'env' | 'settings'>,
  log: Log,
): ErrandRunner {
  return {
    kind: KIND,
    async run({ payload }, signal) {
      const { incident, round } = payloadSchema.parse(payload);
      const record = await bench.incidents.get(incident);
      if (record?.round !== round) return { outcome: 'done', why: 'it came again, and is not resolved any more' };
      if (record.status !== 'resolved') return { outcome: 'later', why: `${incident} is ${record.status}` };
      const sentry = openSentry(env, (await settings()).config.watch.sentry, signal);
      const issue = sentryIssueOf(bench.db, incident);
      if (sentry === undefined || issue === undefined) return { outcome: 'done', why: 'Sentry is not asked any more' };
      const told = await resolveIssue(sentry, issue);
      if (told.ok) return { outcome: 'done', why: `issue ${issue}: ${told.value}` };
      const { why, lasting, afterMs } = told;
      if (lasting) return { outcome: 'done', why: `issue ${issue} was not resolved in Sentry: ${why}` };
      return { outcome: 'later', why, ...(afterMs !== undefined && { afterMs }) };
    },
    async giveUp({ payload }, why) {
      log('error', 'sentry_not_resolved', { incident: payloadSchema.parse(payload).incident, why });
    },
  };
}
