/**
 * mocha: its JSON reporter, written to a file. Stack traces are kept whole: mocha otherwise shortens them to paths
 * relative to the folder it was started in. A file that does not load ends mocha before it writes anything.
 */

import { join } from 'node:path';
import { z } from 'zod';
import { relativeTo } from '../../../events/relative-to.ts';
import { readJson } from './jest-json.ts';
import { CaseList, type Reporter } from './report.ts';

const testSchema = z.object({
  title: z.string(),
  fullTitle: z.string(),
  file: z.string().nullish(),
  err: z.object({ stack: z.string().optional(), message: z.string().optional() }).optional(),
});
const jsonSchema = z.object({
  passes: z.array(testSchema),
  pending: z.array(testSchema),
  failures: z.array(testSchema),
});

const reportFile = (folder: string) => join(folder, 'mocha.json');

export const mochaReporter: Reporter = {
  async request(folder) {
    const args = ['--reporter', 'json', '--reporter-option', `output=${reportFile(folder)}`, '--full-trace'];
    return { args, env: {} };
  },

  async read(source) {
    const report = jsonSchema.safeParse(await readJson(reportFile(source.folder)));
    if (!report.success) {
      const thrown = /Exception during run:|SyntaxError|Cannot find module|ERR_MODULE_NOT_FOUND|ReferenceError/;
      return thrown.test(source.output)
        ? { counted: false, code: 'load_error', message: 'A test file did not load, so mocha ran nothing.' }
        : { counted: false, code: 'runner_failed', message: 'mocha ended without writing its report.' };
    }
    const list = new CaseList();
    const { failures, pending, passes } = report.data;
    const file = (path: string | null | undefined) => (path ? relativeTo(source.checkout, path) : undefined);
    for (const test of failures)
      list.add(file(test.file), [test.fullTitle], 'failed', failureText(test.err?.stack, test.err?.message));
    for (const test of pending) list.add(file(test.file), [test.fullTitle], 'skipped');
    for (const test of passes) list.add(file(test.file), [test.fullTitle], 'passed');
    return { counted: true, cases: list.cases, loadErrors: [] };
  },
};

function failureText(stack: string | undefined, message = ''): string {
  if (!stack) return message;
  return stack.includes(message.split('\n', 1)[0] ?? '') ? stack : `${message}\n${stack}`;
}
