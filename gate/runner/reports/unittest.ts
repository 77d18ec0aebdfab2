/**
 * Python's unittest has no machine report. A recorder that Python loads at its start (`sitecustomize`, by PYTHONPATH)
 * writes what the outermost run tells its result object. Where it is not loaded (`-I`, `-E`, a PYTHONPATH in the line
 * itself) the verbose text is read instead.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { relativeTo } from '../../../events/relative-to.ts';
import { CaseList, type LoadError, type Report, type Reporter, type ReportSource } from './report.ts';
import { RECORDER_SOURCE } from './unittest-recorder.ts';
import { readUnittestText } from './unittest-text.ts';

const eventSchema = z.object({
  event: z.enum(['start', 'ok', 'fail', 'skip', 'end']),
  key: z.number().default(0),
  /** `case`, `load` for a module that could not be imported, `holder` for the set-up of a class or module. */
  kind: z.enum(['case', 'load', 'holder']).default('case'),
  file: z.string().nullish(),
  titles: z.array(z.string()).default([]),
  text: z.string().default(''),
  ran: z.number().default(0),
});
type Event = z.infer<typeof eventSchema>;

const reportFile = (folder: string) => join(folder, 'unittest.jsonl');

export const unittestReporter: Reporter = {
  async request(folder) {
    const recorder = join(folder, 'recorder');
    await mkdir(recorder);
    await writeFile(join(recorder, 'sitecustomize.py'), RECORDER_SOURCE);
    await writeFile(join(recorder, 'report-path'), reportFile(folder));
    return { args: ['-v'], env: { PYTHONPATH: recorder } };
  },

  async read(source) {
    const text = await readFile(reportFile(source.folder), 'utf8').catch(() => '');
    if (text === '') return readUnittestText(source);
    const events = parseEvents(text);
    if (events === null) return { counted: false, code: 'runner_failed', message: 'The record of unittest is broken.' };
    return readEvents(events, source);
  },
};

function parseEvents(text: string): Event[] | null {
  const events: Event[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      events.push(eventSchema.parse(JSON.parse(line)));
    } catch {
      return null;
    }
  }
  return events;
}

function readEvents(events: readonly Event[], source: ReportSource): Report {
  const list = new CaseList();
  const loadErrors: LoadError[] = [];
  const byCase = new Map<number, Event[]>();
  const end = events.find(({ event }) => event === 'end');
  for (const event of events)
    if (event.event !== 'end') byCase.set(event.key, [...(byCase.get(event.key) ?? []), event]);
  let started = 0;
  for (const told of byCase.values()) {
    const [first] = told as [Event];
    const file = first.file ? relativeTo(source.checkout, first.file) : undefined;
    if (told.some(({ event }) => event === 'start')) started++;
    const failures = told.filter(({ event }) => event === 'fail').map(({ text }) => text.trimEnd());
    if (first.kind !== 'case' && failures.length > 0)
      loadErrors.push({ ...(file === undefined ? {} : { file }), message: failures.join('\n') });
    else list.add(file, first.titles, statusOf(told), failures.length === 0 ? undefined : failures.join('\n\n'));
  }
  if (end === undefined)
    return { counted: true, cases: list.cases, loadErrors, brokeOff: 'Python ended before unittest did.' };
  if (end.ran !== started) {
    const message = `unittest ran ${end.ran} cases, but told the start of ${started}.`;
    return { counted: false, code: 'uncounted', message };
  }
  return { counted: true, cases: list.cases, loadErrors };
}

/** A case that began and told no end is what the process ended in. A skipped subtest does not skip its case. */
function statusOf(told: readonly Event[]): 'passed' | 'failed' | 'skipped' {
  const has = (event: Event['event']) => told.some((one) => one.event === event);
  if (has('fail')) return 'failed';
  if (has('ok')) return 'passed';
  return has('skip') ? 'skipped' : 'failed';
}
