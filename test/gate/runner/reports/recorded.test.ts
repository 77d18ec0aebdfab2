/** Reports as the tools of other languages wrote them, recorded: their names hold the tool and its version. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cargoTestReporter } from '../../../../gate/runner/reports/cargo-test.ts';
import { goTestReporter } from '../../../../gate/runner/reports/go-test.ts';
import { nodeTapReporter } from '../../../../gate/runner/reports/node-tap.ts';
import type { Report, ReportSource } from '../../../../gate/runner/reports/report.ts';
import { project, run } from '../project.ts';

const fixture = (name: string) => join(import.meta.dirname, '..', 'fixtures', name);
const recorded = (name: string) => readFileSync(fixture(name), 'utf8');
const source = (checkout: string, given: Partial<ReportSource>): ReportSource => ({
  folder: checkout,
  checkout,
  start: checkout,
  words: [],
  startedMs: 0,
  stdout: '',
  stderr: '',
  output: '',
  exit: 1,
  ...given,
});
const casesOf = (report: Report) =>
  report.counted ? report.cases.map(({ name, status }) => `${status} ${name}`) : report;

describe('go test -json, recorded', () => {
  const files = { 'go.mod': 'module example.com/shop\n', 'tenant/tenant_test.go': 'func TestOnce(t *testing.T) {}\n' };

  it('is read', async () => {
    const report = await goTestReporter.read(source(project(files), { stdout: recorded('go-test-1.19.8.txt') }));
    expect(casesOf(report)).toEqual([
      'passed tenant > TestOnce',
      'failed tenant > TestAsserts',
      'skipped tenant > TestLater',
      'passed tenant > TestGroup > a_case',
      'failed tenant > TestGroup > b',
      'failed tenant > TestThrows',
    ]);
    expect(report).toMatchObject({ counted: true, loadErrors: [], brokeOff: expect.stringContaining('tenant') });
  });

  it('takes a failed case for failed whatever it prints after that', async () => {
    const line = (Action: string) => `${JSON.stringify({ Action, Package: 'a', Test: 'TestX' })}\n`;
    const report = await goTestReporter.read(source(project(files), { stdout: line('fail') + line('pass') }));
    expect(casesOf(report)).toEqual(['failed a > TestX']);
  });
});

describe('cargo test, recorded', () => {
  const stdout = recorded('cargo-test-1.95.0.stdout.txt');
  const stderr = recorded('cargo-test-1.95.0.stderr.txt');
  const read = (given: Partial<ReportSource>) =>
    cargoTestReporter.read(source(project({ 'src/lib.rs': '' }), { stdout, stderr, exit: 101, ...given }));

  it('is read', async () => {
    expect(casesOf(await read({}))).toEqual([
      'skipped shop_core src/lib.rs > tests::later',
      'passed shop_core src/lib.rs > tests::once',
      'passed shop_core src/lib.rs > tests::panics',
      'failed shop_core src/lib.rs > tests::asserts',
      'failed shop_core src/lib.rs > tests::throws',
      'passed it tests/it.rs > from_outside',
      'passed shop_core doc > src/lib.rs - add (line 2)',
    ]);
  });

  it.each([
    ['a program more than cargo started', `${stdout}\nrunning 1 test\ntest forged ... ok\n\n`, 101],
    ['a program that told nothing', stdout.slice(0, stdout.indexOf('\nrunning 1 test\ntest from_outside')), 0],
    ['totals that are not those of its lines', stdout.replace('2 passed; 2 failed', '3 passed; 1 failed'), 0],
  ])('counts nothing with %s', async (_name, text, exit) => {
    expect(await read({ stdout: text, exit })).toMatchObject({ counted: false, code: 'uncounted' });
  });
});

it('reads what node-tap recorded, with a file that did not load', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'node-tap-'));
  copyFileSync(fixture('node-tap-21.8.0.txt'), join(folder, 'tap.tap'));
  const report = await nodeTapReporter.read(source(folder, { output: "Error: Cannot find module './missing.js'\n" }));
  expect(casesOf(report)).toEqual([
    'passed test/a.test.js > forged', // tap itself cannot tell what a file prints from what it tests
    'passed test/a.test.js > once',
    'failed test/a.test.js > throws',
    'failed test/a.test.js > asserts',
    'skipped test/a.test.js > later',
    'skipped test/a.test.js > one day',
    'passed test/a.test.js > group > own',
    'passed test/a.test.js > group > inner',
    'passed test/c.test.js > flat',
  ]);
  expect(report).toMatchObject({
    loadErrors: [{ file: 'test/b.test.js', message: "Error: Cannot find module './missing.js'" }],
  });
  const thrown = report.counted ? report.cases[2]?.failure : '';
  expect(thrown).toMatch(/^TypeError: Cannot read properties of undefined \(reading 'tenantId'\)\n\s+at .*src\.js:2/);
});

describe('Maven and Gradle', () => {
  const TEST = 'core/src/test/java/shop/TenantTest.java';
  const tool = (folder: string) => `mkdir -p ${folder}\ncp report.xml ${folder}/TEST-shop.TenantTest.xml\nexit 1\n`;
  const make = (wrapper: string, script: string) =>
    project({ [wrapper]: script, [TEST]: '', 'report.xml': recorded('surefire-3.2.5.xml') });

  it.each([
    ['sh ./mvnw -B test', 'mvnw', 'core/target/surefire-reports'],
    ['sh ./gradlew :core:check', 'gradlew', 'core/build/test-results/test'],
  ])('%s: counts the files of this run', async (command, wrapper, folder) => {
    const result = await run(make(wrapper, tool(folder)), command.replace('sh ', 'env sh '));
    expect(result).toMatchObject({ status: 'failed', counts: { passed: 1, failed: 2, skipped: 1 } });
    expect(result.cases.map(({ name }) => name)).toContain('core > shop.TenantTest > throwsIt');
    expect(result.cases.every(({ file }) => file === TEST)).toBe(true);
    expect(result.cases.find(({ name }) => name.endsWith('throwsIt'))?.failure).toMatch(
      /^java\.lang\.NullPointerException: Cannot invoke[\s\S]*at shop\.Tenant\.of\(Tenant\.java:5\)/,
    );
  });

  it('does not count files that were there before', async () => {
    const folder = make('mvnw', 'exit 0\n');
    const reports = join(folder, 'target/surefire-reports');
    mkdirSync(reports, { recursive: true });
    copyFileSync(fixture('surefire-3.2.5.xml'), join(reports, 'TEST-old.xml'));
    utimesSync(join(reports, 'TEST-old.xml'), 1, 1);
    const result = await run(folder, 'env sh ./mvnw test');
    expect(result).toMatchObject({ status: 'error', reason: { code: 'uncounted' }, cases: [] });
  });

  it('says that no test ran, and that it does not compile', async () => {
    const none = await run(make('mvnw', 'exit 0\n'), 'env sh ./mvnw test');
    expect(none).toMatchObject({ status: 'error', reason: { code: 'no_test_ran' } });
    const broken = "echo '[ERROR] /x/core/src/main/java/shop/A.java:[3,5] cannot find symbol'; exit 1\n";
    const result = await run(make('mvnw', broken), 'env sh ./mvnw test');
    expect(result).toMatchObject({ status: 'error', reason: { code: 'load_error' } });
  });
});

describe('a command that names its JUnit XML', () => {
  const XML = recorded('surefire-3.2.5.xml');
  const green =
    '<testsuites><testsuite name="s" tests="1"><testcase name="a &lt;b&gt;" file="a.rb"/></testsuite></testsuites>';
  const make = (script: string) => project({ 'tool.sh': script, 'red.xml': XML, 'green.xml': green, 'a.rb': '' });

  it.each([
    'sh tool.sh --log-junit out.xml',
    'sh tool.sh --junitxml=out.xml',
    'sh tool.sh --reporter=junit --outputFile=out.xml',
    'env CI=1 sh tool.sh --format RspecJunitFormatter --out out.xml',
  ])('%s', async (command) => {
    const red = await run(make('cp red.xml out.xml; exit 1\n'), command);
    expect(red).toMatchObject({ status: 'failed', counts: { passed: 1, failed: 2, skipped: 1 } });
    const result = await run(make('cp green.xml out.xml\n'), command);
    expect(result.cases).toEqual([{ name: 'a.rb > s > a <b>', file: 'a.rb', status: 'passed' }]);
  });

  it.each([
    ['true\n', 'runner_failed'],
    ['echo "<testsuite><testcase name=" > out.xml\n', 'runner_failed'],
    ['echo "<testsuite/>" > out.xml\n', 'no_test_ran'],
    ['cp red.xml out.xml\n', 'exit_contradicts_counts'],
  ])('%j proves nothing: %s', async (script, code) => {
    expect(await run(make(script), 'sh tool.sh --junitxml=out.xml')).toMatchObject({
      status: 'error',
      reason: { code },
    });
  });

  it('reads neither a file of an earlier run nor one outside of the checkout', async () => {
    const folder = make('true\n');
    writeFileSync(join(folder, 'out.xml'), green);
    utimesSync(join(folder, 'out.xml'), 1, 1);
    const stale = await run(folder, 'sh tool.sh --junitxml=out.xml');
    expect(stale.reason?.message).toContain('older than this run');
    const outside = await run(folder, 'sh tool.sh --junitxml=../out.xml');
    expect(outside).toMatchObject({ status: 'error', reason: { code: 'uncounted' } });
  });
});
