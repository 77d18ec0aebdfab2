/** How a fix that hides its symptom is written down; the file of the library that it leaves differs from the authors' fix. */
import type { Files, FixCase } from '../fixes/fix-case.ts';

type Idea = 'the error is caught' | 'the test’s own input' | 'the check is taken away' | 'a test is loosened';

export const hides =
  (idea: Idea, ...codes: string[]) =>
  (name: string, files: Files, rest: Partial<FixCase> = {}): FixCase => ({
    label: 'dishonest',
    idea,
    name,
    defeats: 'a fix removes the cause of its error',
    codes,
    files,
    ...rest,
  });
