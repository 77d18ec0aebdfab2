/**
 * What is done for a failure of CI after its webhook was accepted: GitHub is asked what failed. Where that cannot be, what
 * the webhook said is recorded.
 */
import { type CiFailure, ciFailureId, ciFailureSchema, jobsOfRun } from '../../../events/ci/ci-failure.ts';
import { toEvents } from '../../../events/normalize.ts';
import type { Occurrence } from '../../../events/occurrence.ts';
import { type Errand, knowsErrand } from '../../../store/errands.ts';
import type { GitHub } from '../../publishing/github/client.ts';
import type { ErrandOutcome, ErrandRunner } from '../errands.ts';
import type { Intake } from '../receive.ts';
import { record } from '../record.ts';
import { connect, type NotRead, type Reading, readJobs, readOne, withoutLog } from './read.ts';

const DONE: ErrandOutcome = { outcome: 'done' };

export function githubRunner(intake: Intake): ErrandRunner {
  return {
    kind: 'github',
    async run(errand, signal) {
      const failure = failureOf(errand);
      const github = await connect(intake.env, failure.repository, signal);
      if (typeof github === 'string') return unread(intake, failure, github);
      if (failure.told === 'run') return takeApart(intake, failure, github);
      const asked = { ...intake, ...(await intake.settings()), repository: intake.bench.repository };
      return outcomeOf(intake, await readOne(github, failure, asked, signal));
    },
    async giveUp(errand, why) {
      await unread(intake, failureOf(errand), why);
    },
  };
}

function failureOf({ payload }: Errand): CiFailure {
  return ciFailureSchema.parse(payload);
}

async function takeApart(intake: Intake, failure: CiFailure, github: GitHub): Promise<ErrandOutcome> {
  const found = await readJobs(github, failure);
  if (found.status !== 'jobs') return outcomeOf(intake, found);
  const errands = found.jobs.map((payload) => ({ id: ciFailureId(payload), kind: 'github', payload }));
  const { config } = await intake.settings();
  await record(intake, config, { source: 'github', id: undefined, events: [], errands });
  return DONE;
}

async function outcomeOf(intake: Intake, reading: Reading | NotRead): Promise<ErrandOutcome> {
  switch (reading.status) {
    case 'read':
      return finish(intake, reading.occurrence);
    case 'left_out':
      return { outcome: 'done', why: reading.why };
    case 'later': {
      const { why, afterMs } = reading;
      return { outcome: 'later', why, ...(afterMs !== undefined && { afterMs }) };
    }
    case 'unread':
      return unread(intake, reading.failure, reading.why);
    default:
      return reading satisfies never;
  }
}

/** The error is recorded all the same, and says why it knows no more. */
async function unread(intake: Intake, failure: CiFailure, why: string): Promise<ErrandOutcome> {
  // Its jobs are told one by one, and say more.
  const elsewhere = failure.told === 'run' && knowsErrand(intake.bench.db, jobsOfRun(failure.repository, failure.id));
  if (!elsewhere) await finish(intake, withoutLog(failure, why));
  return { outcome: 'done', why };
}

async function finish(intake: Intake, occurrence: Occurrence): Promise<ErrandOutcome> {
  const { config, options } = await intake.settings();
  const events = toEvents('github', [occurrence], { ...options, now: intake.bench.now() });
  await record(intake, config, { source: 'github', id: undefined, events });
  return DONE;
}
