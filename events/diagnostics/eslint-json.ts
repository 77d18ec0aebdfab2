/** eslint's JSON report on stdout: one list of files, each with its messages. */
import { z } from 'zod';
import { relativeTo } from '../relative-to.ts';
import type { Diagnostic } from './diagnostic.ts';

const reportSchema = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(
      z.object({
        ruleId: z.string().nullish(),
        message: z.string(),
        line: z.number().optional(),
        column: z.number().optional(),
      }),
    ),
  }),
);

/** Null when the output holds no such report. npm prints lines of its own around it. */
export function readEslintJson(output: string, checkout: string): Diagnostic[] | null {
  const line = output.split('\n').find((one) => one.startsWith('[{"filePath":'));
  if (line === undefined) return null;
  const report = reportSchema.safeParse(parsed(line));
  if (!report.success) return null;
  return report.data.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, message, line: at, column }) => ({
      file: relativeTo(checkout, filePath),
      ...(at === undefined ? {} : { line: at }),
      ...(column === undefined ? {} : { column }),
      ...(ruleId ? { code: ruleId } : {}),
      message,
    })),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
