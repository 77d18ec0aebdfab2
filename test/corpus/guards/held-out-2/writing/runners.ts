/** What test runners print. */
import type { Noise } from './noise.ts';

export interface Report {
  failing: readonly (readonly [name: string, what: string])[];
  passed: number;
  noise: Noise;
}
export type Runner = (report: Report) => string;

export const jest: Runner = ({ failing, passed, noise }) => {
  const time = `${noise.int(2, 4)}.${noise.int(100, 999)}`;
  const blocks = failing.map(([name, what]) => `  ● ${name}\n\n${indent(what, 4)}\n`);
  const head = failing.length > 0 ? `FAIL src/${slug(failing)}.test.ts` : 'PASS src/app.test.ts';
  const bad = failing.length > 0 ? `${failing.length} failed, ` : '';
  return [
    head,
    ...blocks,
    `Test Suites: ${failing.length > 0 ? '1 failed, 4' : '5'} passed, 5 total`,
    `Tests:       ${bad}${passed} passed, ${passed + failing.length} total`,
    'Snapshots:   0 total',
    `Time:        ${time} s`,
    'Ran all test suites.',
  ].join('\n');
};

export const vitest: Runner = ({ failing, passed, noise }) =>
  [
    ' RUN  v2.1.4',
    '',
    ...failing.map(([name, what]) => ` FAIL  src/${slug(failing)}.test.ts > ${name}\n${indent(what, 1)}\n`),
    ` Test Files  ${failing.length > 0 ? '1 failed | ' : ''}6 passed (${failing.length > 0 ? 7 : 6})`,
    `      Tests  ${failing.length > 0 ? `${failing.length} failed | ` : ''}${passed} passed (${passed + failing.length})`,
    `   Start at  ${noise.clock()}`,
    `   Duration  ${noise.seconds(1, 3)}s (transform ${noise.int(80, 240)}ms, setup 0ms, collect ${noise.int(300, 900)}ms, tests ${noise.int(90, 700)}ms)`,
  ].join('\n');

export const pytest: Runner = ({ failing, passed, noise }) => {
  const time = noise.seconds(0, 4);
  const failed = failing.length;
  const dots = '.'.repeat(Math.min(passed, 40)) + 'F'.repeat(failed);
  const blocks = failing.map(([name, what]) => `____ ${name} ____\n\n${what}\n`);
  const short = failing.map(
    ([name, what]) => `FAILED tests/${name} - ${what.split('\n').at(-1)?.replace(/^E\s+/, '')}`,
  );
  const summary = failed > 0 ? `${failed} failed, ${passed} passed in ${time}s` : `${passed} passed in ${time}s`;
  return [
    'platform linux -- Python 3.12.3, pytest-8.3.3, pluggy-1.5.0',
    `collected ${passed + failed} items`,
    '',
    dots,
    ...(failed > 0 ? ['', '=== FAILURES ===', ...blocks, '=== short test summary info ===', ...short] : []),
    `=== ${summary} ===`,
  ].join('\n');
};

export const goTest: Runner = ({ failing, noise }) => {
  const time = `0.${noise.int(100, 999)}s`;
  const blocks = failing.map(([name, what]) => `--- FAIL: ${name} (0.0${noise.int(0, 4)}s)\n${indent(what, 4)}`);
  return failing.length > 0
    ? [...blocks, 'FAIL', `FAIL\texample.org/svc/internal/core\t${time}`, 'FAIL'].join('\n')
    : `ok  \texample.org/svc/cmd/api\t0.${noise.int(100, 999)}s\nok  \texample.org/svc/internal/core\t${time}`;
};

export const maven: Runner = ({ failing, passed, noise }) => {
  const bad = failing.map(([name, what]) => `[ERROR]   ${name}: ${what}`);
  return [
    '[INFO] Scanning for projects...',
    '[INFO]  T E S T S',
    `[${failing.length > 0 ? 'ERROR' : 'INFO'}] Tests run: ${passed + failing.length}, Failures: ${failing.length}, Errors: 0, Skipped: 0, Time elapsed: ${noise.seconds(0, 5)} s`,
    ...(bad.length > 0 ? ['[ERROR] Failures: ', ...bad] : []),
    `[INFO] BUILD ${failing.length > 0 ? 'FAILURE' : 'SUCCESS'}`,
    `[INFO] Total time:  ${noise.seconds(6, 14)} s`,
    `[INFO] Finished at: ${noise.now()}`,
  ].join('\n');
};

export const cargo: Runner = ({ failing, passed, noise }) => {
  const blocks = failing.map(([name, what]) => `---- ${name} stdout ----\nthread '${name}' panicked at ${what}\n`);
  const names = failing.map(([name]) => `    ${name}`);
  return [
    `    Finished \`test\` profile [unoptimized + debuginfo] target(s) in ${noise.seconds(0, 6)}s`,
    `     Running unittests src/lib.rs (target/debug/deps/core-${noise.hex(16)})`,
    ...(failing.length > 0 ? ['', 'failures:', '', ...blocks, 'failures:', ...names, ''] : []),
    `test result: ${failing.length > 0 ? 'FAILED' : 'ok'}. ${passed} passed; ${failing.length} failed; 0 ignored; finished in 0.${noise.int(10, 99)}s`,
  ].join('\n');
};

export const rspec: Runner = ({ failing, passed, noise }) =>
  [
    '.'.repeat(Math.min(passed, 50)) + 'F'.repeat(failing.length),
    ...(failing.length > 0 ? ['', 'Failures:', ''] : []),
    ...failing.map(([name, what], at) => `  ${at + 1}) ${name}\n${indent(what, 5)}\n`),
    `Finished in 0.${noise.int(1000, 9999)} seconds (files took ${noise.seconds(1, 3)} seconds to load)`,
    `${passed + failing.length} examples, ${failing.length} failures`,
    '',
    `Randomized with seed ${noise.int(1000, 65000)}`,
  ].join('\n');

export const phpunit: Runner = ({ failing, passed, noise }) =>
  [
    'PHPUnit 11.3.6 by Sebastian Bergmann and contributors.',
    '.'.repeat(Math.min(passed, 50)) + 'F'.repeat(failing.length),
    `Time: 00:00.${noise.int(100, 999)}, Memory: ${noise.int(10, 28)}.00 MB`,
    ...failing.map(([name, what], at) => `${at + 1}) ${name}\n${what}\n`),
    failing.length > 0
      ? `FAILURES!\nTests: ${passed + failing.length}, Assertions: ${passed * 2 + 1}, Failures: ${failing.length}.`
      : `OK (${passed} tests, ${passed * 2} assertions)`,
  ].join('\n');

export const dotnet: Runner = ({ failing, passed, noise }) =>
  [
    '  Determining projects to restore...',
    '  All projects are up-to-date for restore.',
    ...failing.map(([name, what]) => `  Failed ${name} [${noise.int(2, 60)} ms]\n  Error Message:\n   ${what}`),
    `${failing.length > 0 ? 'Failed!' : 'Passed!'}  - Failed: ${failing.length}, Passed: ${passed}, Skipped: 0, Total: ${passed + failing.length}, Duration: ${noise.int(200, 900)} ms - Core.Tests.dll (net8.0)`,
  ].join('\n');

export const ctest: Runner = ({ failing, passed, noise }) =>
  [
    'Test project /home/noor/raster/build',
    ...failing.map(
      ([name, what]) => `    Start 3: ${name}\n3/9 Test #3: ${name} ...***Failed    0.0${noise.int(1, 9)} sec\n${what}`,
    ),
    `${failing.length > 0 ? 88 : 100}% tests passed, ${failing.length} tests failed out of ${passed + failing.length}`,
    `Total Test time (real) =   0.${noise.int(10, 99)} sec`,
  ].join('\n');

function indent(text: string, by: number): string {
  return text.replace(/^/gm, ' '.repeat(by));
}

function slug(failing: Report['failing']): string {
  return (failing[0]?.[0] ?? 'app').split(/[\s›>]+/)[0]?.toLowerCase() ?? 'app';
}
