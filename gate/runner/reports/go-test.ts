/**
 * `go test -json`: one event per line on stdout. A test is a case unless it only groups subtests; its file is looked up
 * in its package's folder. A package that fails without a failed test did not build, or its TestMain failed.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { relativeTo } from '../../../events/relative-to.ts';
import { CaseList, type LoadError, type Report, type Reporter, type ReportSource } from './report.ts';

const eventSchema = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  ImportPath: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().default(''),
});
type GoEvent = z.infer<typeof eventSchema>;

interface GoTest {
  /** Null while it runs. */
  status: 'passed' | 'failed' | 'skipped' | null;
  output: string;
}

interface GoPackage {
  tests: Map<string, GoTest>;
  failed: boolean;
  /** What was printed outside of any test. */
  output: string;
}

const ENDINGS: Record<string, GoTest['status']> = { pass: 'passed', fail: 'failed', skip: 'skipped' };

export const goTestReporter: Reporter = {
  request: async () => ({ args: ['-json'], env: {} }),
  read: async (source) => readEvents(source),
};

function readEvents(source: ReportSource): Report {
  const packages = new Map<string, GoPackage>();
  const packageOf = (name: string) => {
    const known = packages.get(name) ?? { tests: new Map(), failed: false, output: '' };
    packages.set(name, known);
    return known;
  };
  let printed = '';
  let builds = '';
  for (const line of source.stdout.split('\n')) {
    const event = parseEvent(line);
    if (event === null) {
      // Before Go 1.24 a package that does not build is told in plain text.
      const [, name] = /^FAIL\t(\S+) \[(?:build|setup) failed\]$/.exec(line) ?? [];
      if (name !== undefined) packageOf(name).failed = true;
      if (line !== '') printed += `${line}\n`;
      continue;
    }
    printed += event.Output;
    if (event.Action === 'build-output') builds += event.Output;
    if (event.Package !== undefined) takeEvent(packageOf(event.Package), event);
  }
  if (packages.size === 0) {
    if (source.exit === 0) return { counted: false, code: 'uncounted', message: 'go test printed no event.' };
    const [said = 'nothing'] = source.stderr.split('\n').filter((line) => line !== '');
    return { counted: false, code: 'runner_failed', message: `go test ran nothing, and said: ${said.slice(0, 300)}` };
  }
  return { ...judgePackages(packages, source, source.stderr + builds), output: source.stderr + printed };
}

function parseEvent(line: string): GoEvent | null {
  if (!line.startsWith('{')) return null;
  try {
    return eventSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function takeEvent(into: GoPackage, { Action, Test, Output }: GoEvent): void {
  const ending = ENDINGS[Action];
  if (Test === undefined) {
    if (Action === 'fail') into.failed = true;
    into.output += Output;
    return;
  }
  const test = into.tests.get(Test) ?? { status: null, output: '' };
  into.tests.set(Test, test);
  if (Action === 'output' && !/^\s*(?:=== (?:RUN|PAUSE|CONT|NAME) |--- (?:PASS|FAIL|SKIP): )/.test(Output))
    test.output += Output;
  // What a test prints may look like an ending: a failure stays one.
  if (ending !== undefined && test.status !== 'failed') test.status = ending;
}

function judgePackages(packages: Map<string, GoPackage>, source: ReportSource, buildOutput: string) {
  const list = new CaseList();
  const loadErrors: LoadError[] = [];
  const broken: string[] = [];
  for (const [name, { tests, failed, output }] of packages) {
    const folder = packageFolder(name, source);
    const titles = [...tests.keys()];
    // A panic or os.Exit ends the whole package: what had begun and did not end is what it ended in.
    const unfinished = titles.filter((title) => tests.get(title)?.status === null);
    const panicked = titles.some((title) => /^panic: /m.test(tests.get(title)?.output ?? ''));
    if (failed && (unfinished.length > 0 || panicked)) broken.push(name);
    let failures = 0;
    for (const title of titles) {
      const test = tests.get(title) as GoTest;
      const status = test.status ?? 'failed';
      const inner = titles.filter((other) => other.startsWith(`${title}/`));
      const explained = status !== 'failed' || inner.some((other) => isFailed(tests.get(other)));
      if (status === 'failed') failures++;
      if (inner.length > 0 && explained) continue;
      const file = testFile(folder, title, source);
      list.addCase({
        name: [folder ?? name, ...title.split('/')].join(' > '),
        ...(file === undefined ? {} : { file }),
        status,
        ...(status === 'failed' ? { failure: test.output.trim() || 'It did not end.' } : {}),
      });
    }
    if (failed && failures === 0)
      loadErrors.push({ file: folder ?? name, message: ownErrors(buildOutput, name) || output || `${name} failed.` });
  }
  const brokeOff = broken.length === 0 ? {} : { brokeOff: `The test process of ${broken.join(', ')} ended early.` };
  return { counted: true as const, cases: list.cases, loadErrors, ...brokeOff };
}

function isFailed(test: GoTest | undefined): boolean {
  return test !== undefined && (test.status ?? 'failed') === 'failed';
}

/** `# example.com/shop/tenant [example.com/shop/tenant.test]` and the lines below it, up to the next package. */
function ownErrors(buildOutput: string, name: string): string {
  const parts = buildOutput.split(/^# /m);
  const own = parts.filter((part) => part.startsWith(`${name} `) || part.startsWith(`${name}\n`));
  return own.map((part) => part.slice(part.indexOf('\n') + 1)).join('');
}

/** The folder of an import path, relative to the checkout; undefined for a package of another module. */
function packageFolder(name: string, { start, checkout }: ReportSource): string | undefined {
  const module = /^module\s+(\S+)/m.exec(readText(join(start, 'go.mod')))?.[1];
  if (module === undefined || (name !== module && !name.startsWith(`${module}/`))) return undefined;
  return relativeTo(checkout, join(start, name.slice(module.length + 1))).replace(/^\//, '') || undefined;
}

/** Files are not told by the events: the one of the package's test files that declares the function. */
function testFile(folder: string | undefined, title: string, { checkout, start }: ReportSource): string | undefined {
  const at = folder === undefined || folder.startsWith('/') ? start : join(checkout, folder);
  const [name = ''] = title.split('/');
  const declares = new RegExp(`^func ${name.replace(/[^\p{L}\p{N}_]/gu, '')}\\(`, 'mu');
  const file = testFilesIn(at).find((one) => declares.test(readText(join(at, one))));
  return file === undefined ? undefined : relativeTo(checkout, join(at, file));
}

function testFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('_test.go'));
  } catch {
    return [];
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
