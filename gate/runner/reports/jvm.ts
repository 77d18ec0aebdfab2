/**
 * Maven (Surefire, Failsafe) and Gradle write one JUnit XML per test class into the build folder of each module. Only
 * files of this run count; Gradle is told to run tests that it takes for up to date, as it would otherwise write none.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJUnitXml } from './junit-xml.ts';
import { CaseList, type LoadError, type Report, type Reporter, type ReportSource } from './report.ts';
import { findReports } from './report-files.ts';

const MAVEN_FILES = /^(?:(?<module>.+)\/)?target\/(?:surefire|failsafe)-reports\/(?:[^/]+\/)?TEST-[^/]+\.xml$/;
const GRADLE_FILES = /^(?:(?<module>.+)\/)?build\/test-results\/(?:[^/]+\/)*TEST-[^/]+\.xml$/;

export const mavenReporter: Reporter = {
  request: async () => ({ args: [], env: {} }),
  read: (source) => readModules(source, MAVEN_FILES),
};

export const gradleReporter: Reporter = {
  request: async () => ({ args: ['--rerun-tasks'], env: {} }),
  read: (source) => readModules(source, GRADLE_FILES),
};

async function readModules(source: ReportSource, files: RegExp): Promise<Report> {
  const { fresh, stale, problem } = await findReports(source.checkout, files, source.startedMs);
  if (problem !== undefined) return { counted: false, code: 'uncounted', message: problem };
  if (fresh.length === 0) return withoutReports(source, stale);
  const list = new CaseList();
  const loadErrors: LoadError[] = [];
  for (const { path, text } of fresh) {
    const cases = readJUnitXml(text);
    if (cases === null) return { counted: false, code: 'runner_failed', message: `${path} is no complete JUnit XML.` };
    const module = files.exec(path)?.groups?.module ?? '';
    for (const { suite, classname, name, status, failure } of cases) {
      const type = classname || suite;
      const file = sourceFile(source.checkout, module, type);
      // A class whose set-up failed is told as a case without a name.
      if (name === '' && status === 'failed')
        loadErrors.push({ ...(file === undefined ? {} : { file }), message: failure ?? '' });
      else
        list.addCase({
          name: [...(module === '' ? [] : [module]), type, name].join(' > '),
          ...(file === undefined ? {} : { file }),
          status,
          ...(failure === undefined ? {} : { failure }),
        });
    }
  }
  const left = /^\[INFO\] .* SKIPPED(?: \[.*\])?$/m.test(source.output);
  return {
    counted: true,
    cases: list.cases,
    loadErrors,
    ...(left && source.exit !== 0 ? { brokeOff: 'A module failed, so the modules after it did not run.' } : {}),
  };
}

function withoutReports({ output, exit }: ReportSource, stale: number): Report {
  const compiler =
    /^\[ERROR\] (?<said>\S+\.(?:java|kt|groovy|scala):\[\d+,\d+\] .*)$|^(?<line>\S+\.(?:java|kt|groovy|scala):\d+: error: .*)$|^e: (?<kotlin>.*)$/m.exec(
      output,
    )?.groups;
  const said = compiler?.said ?? compiler?.line ?? compiler?.kotlin;
  if (said !== undefined) return { counted: false, code: 'load_error', message: `It did not compile: ${said}` };
  if (exit !== 0) return { counted: false, code: 'runner_failed', message: 'It ended without writing a test report.' };
  if (stale === 0) return { counted: true, cases: [], loadErrors: [] };
  const message = `It wrote no test report: the ${stale} that are there are older than this run.`;
  return { counted: false, code: 'uncounted', message };
}

/** `shop.TenantTest$Inner` in `core` → `core/src/test/java/shop/TenantTest.java`, where it is there. */
function sourceFile(checkout: string, module: string, type: string): string | undefined {
  const path = type.replace(/[$(].*$/, '').replaceAll('.', '/');
  if (!/^[\w/]+$/.test(path)) return undefined;
  for (const set of ['test', 'integrationTest', 'it'])
    for (const [language, ending] of [
      ['java', 'java'],
      ['kotlin', 'kt'],
      ['groovy', 'groovy'],
      ['scala', 'scala'],
    ]) {
      const file = `${module === '' ? '' : `${module}/`}src/${set}/${language}/${path}.${ending}`;
      if (existsSync(join(checkout, file))) return file;
    }
  return undefined;
}
