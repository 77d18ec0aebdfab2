/**
 * Node's own test runner (Node 20 and newer), asked through NODE_OPTIONS, which reaches it also through npm scripts.
 * None of the built-in reporters carries file, nesting and the original error at once, so ours writes the events as
 * JSON lines; the spec reporter beside it is for people. A script that chooses its own reporter is read as TAP.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { relativeTo } from '../../../events/relative-to.ts';
import { CaseList, joinOptions, type LoadError, type Report, type Reporter, type ReportSource } from './report.ts';
import { tapReporter } from './tap.ts';

const REPORTER_SOURCE = `const filtered = process.execArgv.some((word) => /^--test-(?:name-pattern|skip-pattern|only)/.test(word));
export default async function* (events) {
  const text = (error) => {
    const own = error?.cause ?? error;
    if (own === null || typeof own !== 'object') return String(own);
    const head = (own.name ?? 'Error') + ': ' + (own.message ?? '');
    return typeof own.stack === 'string' && own.stack !== '' ? own.stack : head;
  };
  for await (const { type, data } of events) {
    if (type === 'test:start') yield line({ type, nesting: data.nesting, name: data.name });
    if (type === 'test:stderr') yield line({ type, file: data.file, message: data.message });
    if (type === 'test:pass' || type === 'test:fail')
      yield line({
        type,
        nesting: data.nesting,
        name: data.name,
        file: data.file,
        suite: data.details?.type === 'suite',
        filtered,
        skipped: [data.skip, data.todo].some((mark) => mark !== undefined && mark !== false),
        failureType: data.details?.error?.failureType,
        failure: type === 'test:fail' ? text(data.details?.error) : undefined,
      });
  }
  yield line({ type: 'end' });
}
const line = (value) => JSON.stringify(value) + '\\n';
`;

const eventSchema = z.object({
  type: z.string(),
  nesting: z.number().default(0),
  name: z.string().default(''),
  file: z.string().optional(),
  message: z.string().default(''),
  suite: z.boolean().default(false),
  /** Only some tests were asked for: a file that passes may have run none of them. */
  filtered: z.boolean().default(false),
  skipped: z.boolean().default(false),
  failureType: z.string().optional(),
  failure: z.string().default(''),
});

const reportFile = (folder: string) => join(folder, 'node-test.jsonl');

export const nodeTestReporter: Reporter = {
  async request(folder) {
    const reporter = join(folder, 'node-test-reporter.mjs');
    await writeFile(reporter, REPORTER_SOURCE);
    const options = [
      `--test-reporter=${reporter}`,
      `--test-reporter-destination=${reportFile(folder)}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
    ];
    return { args: [], env: { NODE_OPTIONS: joinOptions(options) } };
  },

  async read(source) {
    const text = await readFile(reportFile(source.folder), 'utf8').catch(() => '');
    return text === '' ? withoutEvents(source) : readEvents(text, source);
  },
};

/** node:test was not used or never got to run: the script may print TAP, or it did not load. */
async function withoutEvents(source: ReportSource): Promise<Report> {
  const tap = await tapReporter.read(source);
  if (tap.counted || source.exit === 0) return tap;
  return { counted: false, code: 'load_error', message: 'The test file ended before any test ran.' };
}

function readEvents(text: string, source: ReportSource): Report {
  const list = new CaseList();
  const loadErrors: LoadError[] = [];
  const stderr = new Map<string, string>();
  const titles: string[] = [];
  let ended = false;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const event = eventSchema.parse(JSON.parse(line));
    const file = event.file === undefined ? undefined : relativeTo(source.checkout, event.file);
    if (event.type === 'end') ended = true;
    else if (event.type === 'test:start') titles[event.nesting] = event.name;
    else if (event.type === 'test:stderr') stderr.set(file ?? '', (stderr.get(file ?? '') ?? '') + event.message);
    else if (!event.suite) {
      const isFile =
        event.file !== undefined && resolve(source.checkout, event.name) === resolve(source.checkout, event.file);
      if (isFile && event.type === 'test:fail') {
        if (event.failureType !== 'subtestsFailed')
          loadErrors.push({
            ...(file === undefined ? {} : { file }),
            message: stderr.get(file ?? '') ?? event.failure,
          });
        continue;
      }
      if (isFile && event.filtered) continue;
      const status = event.skipped ? 'skipped' : event.type === 'test:pass' ? 'passed' : 'failed';
      const path = isFile ? [] : [...titles.slice(0, event.nesting), event.name];
      list.add(file, path, status, status === 'failed' ? event.failure : undefined);
    }
  }
  return {
    counted: true,
    cases: list.cases,
    loadErrors,
    ...(ended ? {} : { brokeOff: 'The test process ended before its report did.' }),
  };
}
