/**
 * pytest, also through `python -m`, uv, poetry and make: PYTEST_ADDOPTS reaches it anywhere. JUnit XML in the older
 * family names each case's file; tracebacks are asked for in Python's own form.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { junitParser } from './junit-xml.ts';
import { CaseList, joinOptions, type LoadError, type Reporter } from './report.ts';

const outcomeSchema = z.union([
  z.string().transform((text) => ({ '@message': '', '@type': '', '#text': text })),
  z.object({
    '@message': z.string().default(''),
    '@type': z.string().default(''),
    '#text': z.string().default(''),
  }),
]);
const caseSchema = z.object({
  '@classname': z.string().default(''),
  '@name': z.string(),
  '@file': z.string().optional(),
  failure: z.array(outcomeSchema).optional(),
  error: z.array(outcomeSchema).optional(),
  skipped: z.array(outcomeSchema).optional(),
});
const xmlSchema = z.object({
  testsuites: z.object({ testsuite: z.array(z.object({ testcase: z.array(caseSchema).default([]) })) }),
});

const reportFile = (folder: string) => join(folder, 'pytest.xml');

export const pytestReporter: Reporter = {
  async request(folder, words) {
    const options = [
      `--junitxml=${reportFile(folder)}`,
      '-o',
      'junit_family=xunit1',
      '-o',
      `cache_dir=${join(folder, 'pytest-cache')}`,
      '--tb=native',
    ];
    // A report that the command itself asks for comes after the variable, and would be written instead of ours.
    const overrides = words.some((word) => /^--junit-?xml\b/.test(word));
    const args = overrides ? options.slice(0, 1) : [];
    return { args, env: { PYTEST_ADDOPTS: joinOptions(options) } };
  },

  async read(source) {
    const text = await readFile(reportFile(source.folder), 'utf8').catch(() => '');
    const parsed = xmlSchema.safeParse(text === '' ? undefined : junitParser.parse(text));
    if (!parsed.success) {
      if (/No module named '?pytest\b/.test(source.output))
        return { counted: false, code: 'command_not_found', message: 'pytest is not installed for this Python.' };
      return source.exit === 4 || /ImportError while loading conftest|ConftestImportFailure/.test(source.output)
        ? { counted: false, code: 'load_error', message: 'pytest could not load its configuration or a conftest.py.' }
        : { counted: false, code: 'runner_failed', message: 'pytest ended without writing its report.' };
    }
    const list = new CaseList();
    const loadErrors: LoadError[] = [];
    for (const testcase of parsed.data.testsuites.testsuite.flatMap((suite) => suite.testcase)) {
      const file = testcase['@file'];
      const [problem] = [...(testcase.error ?? []), ...(testcase.failure ?? [])];
      if (problem?.['@message'] === 'collection failure')
        loadErrors.push({ ...(file === undefined ? {} : { file }), message: problem['#text'] });
      else
        list.add(
          file,
          [...classTitles(testcase['@classname'], file), testcase['@name']],
          problem ? 'failed' : testcase.skipped ? 'skipped' : 'passed',
          problem && tracebackText(problem['#text'], problem['@message']),
        );
    }
    return { counted: true, cases: list.cases, loadErrors };
  },
};

/** `tests.test_a.TestGroup` in `tests/test_a.py` → `TestGroup`: the file is told once. */
function classTitles(classname: string, file: string | undefined): string[] {
  const module = file?.replace(/\.py$/, '').replaceAll('/', '.') ?? '';
  if (classname === module) return [];
  return classname.startsWith(`${module}.`) ? [classname.slice(module.length + 1)] : [classname];
}

const RUNNER_FRAME = /^ {2}File "[^"]*\/site-packages\/(?:_pytest|pluggy)\/[^"]*".*\n(?: {4}.*\n)*/gm;

/**
 * The traceback without pytest's own frames. The message is told by an attribute too: its further lines are quoted, so
 * that a traceback written into a message is not read as one. Other styles than `native` say `file:line: in function`.
 */
function tracebackText(text: string, message: string): string {
  const own = text.replace(RUNNER_FRAME, '').trimEnd();
  const [first = '', ...more] = message.split('\n');
  const frames = own.endsWith(message) ? own.slice(0, own.length - message.length) : `${own}\n`;
  const raised = [first, ...more.map((line) => `> ${line}`)].join('\n');
  if (own.includes('Traceback (most recent call last)')) return own.endsWith(message) ? frames + raised : own;
  const places = frames.replace(/^(\S[^\n:]*\.py):(\d+): in (.+)$/gm, '  File "$1", line $2, in $3');
  return `Traceback (most recent call last):\n${places}${raised}`;
}
