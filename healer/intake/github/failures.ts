/** What a job's log and a check's annotations say, as errors of the repository. */
import { type CiFailure, ciContext, ciFailureId, ciOccurrence } from '../../../events/ci/ci-failure.ts';
import { readStepFailure } from '../../../events/ci/read-step-failure.ts';
import { kindByName } from '../../../events/ci/step-failure.ts';
import { stepLog } from '../../../events/ci/step-log.ts';
import { eventId } from '../../../events/event-id.ts';
import type { Occurrence } from '../../../events/occurrence.ts';
import type { Annotation, Job } from './ask.ts';

const FAILED = /^(?:failure|timed_out|startup_failure)$/;
/** What people see of the output; the end of it says what failed. */
const SHOWN = 12_000;
const MOST_PLACES = 20;

export function failureOfLog(failure: CiFailure, job: Job, log: string): Occurrence {
  const step = job.steps?.find(({ conclusion }) => FAILED.test(conclusion ?? ''));
  const times =
    step?.started_at && step.completed_at ? { started: step.started_at, completed: step.completed_at } : undefined;
  const { command, text } = stepLog(log, times);
  const name = [command, step?.name, job.name].filter(Boolean).join('\n');
  const found = readStepFailure(text, name, checkoutOf(failure.repository));
  const shown = text.length > SHOWN ? `[…]\n${text.slice(-SHOWN)}` : text;
  if (found === undefined) {
    const said = ciOccurrence(failure, 'read, but nothing in it says what failed');
    return { ...said, text: shown, labels: { ...said.labels, failure_type: kindByName(name), command } };
  }
  const context = ciContext(failure);
  return {
    ...context,
    id: eventId('github', ciFailureId(failure)),
    type: found.type,
    message: found.message,
    // The place of a finding belongs to what it is: a frame, so that the same finding elsewhere is another error.
    stack: {
      frames: found.frames.length > 0 || found.place === undefined ? found.frames : [{ ...found.place, in_app: true }],
    },
    text: shown,
    labels: { ...context.labels, failure_type: found.kind, test: found.test, command },
    annotations: found.others > 0 ? { others: `${found.others} more in the same step` } : undefined,
  };
}

/** Checks of other programs have no log; they say in annotations where and what. */
export function failureOfCheck(failure: CiFailure, annotations: readonly Annotation[]): Occurrence {
  const said = ciOccurrence(failure);
  const failures = annotations.filter(({ annotation_level }) => annotation_level === 'failure');
  const places = failures.length > 0 ? failures : annotations;
  const [first] = places;
  const name = `${failure.job ?? ''}\n${failure.workflow}`;
  if (first === undefined) return { ...said, labels: { ...said.labels, failure_type: kindByName(name) } };
  const lines = places
    .slice(0, MOST_PLACES)
    .map((one) => `${one.path}:${one.start_line}: ${one.message ?? one.title ?? ''}`);
  return {
    ...said,
    type: first.title && first.title.length <= 60 ? first.title : '',
    message: first.message || first.title || said.message,
    stack: {
      frames: [{ file: first.path, line: first.start_line, column: first.start_column ?? undefined, in_app: true }],
    },
    text: [...lines, failure.output ?? ''].join('\n').trim(),
    labels: { ...said.labels, failure_type: kindByName(name) },
    annotations: places.length > 1 ? { others: `${places.length - 1} more in the same check` } : undefined,
  };
}

/** Where GitHub's own runners check a repository out. */
function checkoutOf(repository: string): string {
  const name = repository.split('/').at(-1) ?? '';
  return `/home/runner/work/${name}/${name}`;
}
