/** A webhook that a person or a workflow hands over: what failed is asked for now, once, instead of by an errand. */
import { type CiFailure, ciOccurrence } from '../../../events/ci/ci-failure.ts';
import type { Occurrence } from '../../../events/occurrence.ts';
import { readCiReport } from '../../../events/sources/github.ts';
import { type Asked, leaveOut } from './leave-out.ts';
import { connect, type NotRead, type Reading, readJobs, readOne, withoutLog } from './read.ts';

/** Empty when the payload tells of nothing that ran. Throws UserError for a text that is none of GitHub's. */
export async function readWebhook(text: string, asked: Asked, signal: AbortSignal | undefined): Promise<Occurrence[]> {
  const report = readCiReport(text, {});
  if (report === undefined) return [];
  const { failure } = report;
  const why = report.notActionable ?? (await leaveOut(failure, asked));
  if (why !== undefined) return [leftOut(failure, why)];
  const github = await connect(asked.env, failure.repository, signal);
  if (typeof github === 'string') return [withoutLog(failure, github)];
  const jobs = failure.told === 'run' ? await readJobs(github, failure) : { status: 'jobs' as const, jobs: [failure] };
  if (jobs.status !== 'jobs') return [occurrenceOf(failure, jobs)];
  const found: Occurrence[] = [];
  for (const job of jobs.jobs) found.push(occurrenceOf(job, await readOne(github, job, asked, signal)));
  return found;
}

function occurrenceOf(failure: CiFailure, reading: Reading | NotRead): Occurrence {
  switch (reading.status) {
    case 'read':
      return reading.occurrence;
    case 'left_out':
      return leftOut(failure, reading.why);
    case 'later':
      return withoutLog(failure, reading.why);
    case 'unread':
      return withoutLog(reading.failure, reading.why);
    default:
      return reading satisfies never;
  }
}

function leftOut(failure: CiFailure, why: string): Occurrence {
  return { ...ciOccurrence(failure), notActionable: why };
}
