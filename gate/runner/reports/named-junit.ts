/**
 * Any tool whose command names the file that it writes JUnit XML to: `--junitxml=out.xml`, `--log-junit out.xml`,
 * `--reporter=junit --outputFile=out.xml`. The file has to stand inside the checkout and be of this run.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { relativeTo } from '../../../events/relative-to.ts';
import { readJUnitXml } from './junit-xml.ts';
import { CaseList, type Report, type Reporter, type ReportSource } from './report.ts';
import { insideCheckout, readReport } from './report-files.ts';

/** Options that mean JUnit XML by themselves. */
const JUNIT_FILE =
  /^--?(?:junit-?xml|junit-?file|junit-?output|junit-?report|junit-?path|log-junit|output-junit|xunit-?file|junit)$/i;
/** Options that name a file for whatever report is asked for. */
const ANY_FILE = /^--?(?:output-?file|reporter-?outfile|out|output|report-?file|o)$/i;
const ASKS_FOR_JUNIT = /^(?:junit|rspecjunitformatter|junitxml)$/i;

/** Null when the words name none, or name it in a way that only a shell can read. */
export function namedJUnitFile(words: readonly string[]): string | null {
  const options = words.flatMap((word, at): [name: string, value: string][] => {
    if (!word.startsWith('-')) return [];
    const equals = word.indexOf('=');
    return [equals < 0 ? [word, words[at + 1] ?? ''] : [word.slice(0, equals), word.slice(equals + 1)]];
  });
  const asked = options.some(([, value]) => ASKS_FOR_JUNIT.test(value));
  const file =
    options.find(([name]) => name === '--gtest_output' || name === '--gtest-output')?.[1].replace(/^xml:/, '') ??
    options.find(([name, value]) => JUNIT_FILE.test(name) && isFileName(value))?.[1] ??
    (asked ? options.find(([name, value]) => ANY_FILE.test(name) && isFileName(value))?.[1] : undefined);
  return file === undefined || !isFileName(file) ? null : file;
}

function isFileName(value: string): boolean {
  return /\.xml$/i.test(value) && !/[$*?`]/.test(value);
}

export const namedJUnitReporter: Reporter = {
  request: async () => ({ args: [], env: {} }),

  async read(source): Promise<Report> {
    const named = namedJUnitFile(source.words) ?? '';
    const path = insideCheckout(source.checkout, source.start, named);
    if (path === null)
      return {
        counted: false,
        code: 'uncounted',
        message: `${named} lies outside of the checkout: name a file in it.`,
      };
    const report = await readReport(path, source.startedMs);
    if (report === 'missing') return { counted: false, code: 'runner_failed', message: `It did not write ${named}.` };
    if (report === 'stale')
      return { counted: false, code: 'runner_failed', message: `${named} is older than this run: it was not written.` };
    if (report === 'too large')
      return { counted: false, code: 'uncounted', message: `${named} is larger than 64 MiB.` };
    const cases = readJUnitXml(report.text);
    if (cases === null) return { counted: false, code: 'runner_failed', message: `${named} is no complete JUnit XML.` };
    const list = new CaseList();
    for (const one of cases) {
      const file = one.file === undefined ? undefined : fileOf(source, one.file);
      const type = one.classname || one.suite;
      list.add(file, [...(type === '' || type === file ? [] : [type]), one.name], one.status, one.failure);
    }
    return { counted: true, cases: list.cases, loadErrors: [] };
  },
};

function fileOf({ checkout, start }: ReportSource, path: string): string {
  const full = join(start, path);
  return relativeTo(checkout, existsSync(full) ? full : path);
}
