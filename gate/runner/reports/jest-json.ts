/** The JSON report that jest defined and vitest writes too: files with their cases, each with its failure messages. */

import { readFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { relativeTo } from '../../../events/relative-to.ts';
import { CaseList, type LoadError, type Report, type ReportSource } from './report.ts';

const jsonSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

export async function readJestJson(path: string, source: ReportSource): Promise<Report> {
  const report = jsonSchema.safeParse(await readJson(path));
  if (!report.success)
    return { counted: false, code: 'runner_failed', message: 'The runner ended without writing its report.' };
  const list = new CaseList();
  const loadErrors: LoadError[] = [];
  for (const file of report.data.testResults) {
    const name = relativeTo(source.checkout, file.name);
    for (const result of file.assertionResults)
      list.add(
        name,
        [...result.ancestorTitles, result.title],
        result.status === 'passed' || result.status === 'failed' ? result.status : 'skipped',
        result.status === 'failed' ? (result.failureMessages ?? []).join('\n\n') : undefined,
      );
    const ran = file.assertionResults.some(({ status }) => status === 'failed');
    // A file that failed without a failed case did not load, or its set-up for all cases failed.
    if (file.status === 'failed' && !ran)
      loadErrors.push({ file: name, message: stripVTControlCharacters(file.message ?? '').trim() });
  }
  return { counted: true, cases: list.cases, loadErrors };
}

/** The parsed file, or undefined when it is missing or no JSON. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
