import { describe, expect, it } from 'vitest';
import { checkReproduction, type ReproductionInput } from '../../gate/reproduction.ts';
import { INCIDENT, type JudgedFixOptions, judgedFix, scenario } from './judged-fix.ts';

const PACKAGE = '{"type":"module","scripts":{"test":"node --test"}}';
const RED = 'export function tenantOf(request) {\n  return request.user.tenantId;\n}\n';
const GREEN = 'export function tenantOf(request) {\n  return request.user?.tenantId ?? null;\n}\n';
const OLD_TEST = `import test from 'node:test';\ntest('old', () => {});\n`;
const header = `import test from 'node:test';\nimport assert from 'node:assert';\nimport { tenantOf } from '../src/tenant.js';\n`;
const HONEST = `${header}test('a request without a user', () => { assert.equal(tenantOf({}), null); });\n`;
const MESSAGE = "Cannot read properties of undefined (reading 'tenantId')";

const base = { 'package.json': PACKAGE, 'src/tenant.js': RED, 'test/old.test.js': OLD_TEST };
const command = 'node --test test/new.test.js';

async function check(
  test: string,
  options: Partial<JudgedFixOptions> & { scenario?: Parameters<typeof scenario>[1] | null } & Partial<
      Pick<ReproductionInput, 'diagnosis'>
    > = {},
) {
  const fix = { 'src/tenant.js': GREEN, 'test/new.test.js': test, ...options.fix };
  const input = await judgedFix({
    base: { ...base, ...options.base },
    fix,
    ...(options.event ? { event: options.event } : {}),
  });
  const own = scenario('S010', { test_command: command, incident: INCIDENT, ...options.scenario });
  return checkReproduction({
    ...input,
    incident: INCIDENT,
    diagnosis: options.diagnosis ?? { affected_files: ['src/tenant.js'], failure_type: 'runtime_error' },
    added: options.scenario === null ? [] : [own],
  });
}
const codes = (result: Awaited<ReturnType<typeof check>>) =>
  result.check.findings.map(({ code }) => code.replace('reproduction.', ''));

describe('checkReproduction', () => {
  it('passes a fix whose test is red for the incident, green, and red again, three times each', async () => {
    const result = await check(HONEST);
    expect(result).toMatchObject({ weak: false, needsPerson: [], check: { status: 'pass', findings: [] } });
    const rows = result.check.evidence.map(({ at, counts }) => `${at} ${counts?.passed}/${counts?.failed}`);
    const three = (row: string) => [row, row, row];
    expect(rows.slice(0, 9)).toEqual([...three('base_tests 0/1'), ...three('fix 1/0'), ...three('revert 0/1')]);
    expect(result.check.evidence[9]?.command).toContain('src/tenant.js broken');
  });

  it('takes a call of the diagnosed code for a test: its error is the red, its result the green', async () => {
    const call = { module: 'src/tenant.js', export: 'tenantOf' };
    const called = (extra: object) => check(HONEST, { scenario: { test_command: undefined, call, ...extra } });
    const result = await called({ input: {}, expected: null });
    expect(result).toMatchObject({ weak: false, check: { status: 'pass', findings: [] } });
    const rows = result.check.evidence.map(({ command, at, counts }) => `${command} ${at} ${counts?.failed ?? '-'}`);
    expect(rows.slice(0, 4)).toEqual([
      ...Array.from({ length: 3 }, () => 'call src/tenant.js#tenantOf base_tests 1'),
      'call src/tenant.js#tenantOf fix 0',
    ]);
    expect(codes(await called({ input: { user: { tenantId: 1 } }, expected: 1 }))).toEqual(['green_on_base']);
    expect(codes(await called({ input: {}, expected: 'other' }))).toEqual(['still_red']);
    expect(codes(await called({ call: { ...call, module: 'node_modules/x/index.js' } }))).toEqual([
      'command_not_allowed',
    ]);
  });

  it('marks a wrong value of a call as weak, and lets an agent start no service of its own', async () => {
    const event = { type: '', message: 'tenant is wrong', frames: [], file: undefined };
    const call = { module: 'src/tenant.js', export: 'tenantOf' };
    const weak = await check(HONEST, {
      base: { 'src/tenant.js': "export const tenantOf = () => 'wrong';\n" },
      event,
      scenario: { test_command: undefined, call, input: {}, expected: null },
    });
    expect(weak).toMatchObject({ weak: true, needsPerson: [expect.stringContaining('weak evidence')] });
    const http = { start: 'node server.js', ready: 'http://127.0.0.1:80/', method: 'GET', path: '/' };
    const started = await check(HONEST, { scenario: { test_command: undefined, http, expected: { status: 200 } } });
    expect(codes(started)).toEqual(['command_not_allowed']);
    expect(started.check.findings[0]?.message).toContain('Only a command that http scenarios of the base start');
  });

  it('asks for a reproduction, with the next step in full', async () => {
    const result = await check(HONEST, { scenario: null });
    expect(codes(result)).toEqual(['missing']);
    expect(result.check.status).toBe('fail');
    expect(result.check.findings[0]?.next).toMatch(/edit_context.*INC-1a2b3c4d5e6f7890.*npm test/);
  });

  it.each([
    ['green on the base', `${header}test('x', () => { assert.ok(tenantOf); });\n`, 'green_on_base'],
    [
      'a test that throws the message itself',
      `${header}test('x', () => { if (tenantOf.toString().includes('?.')) return; throw new TypeError(${JSON.stringify(MESSAGE)}); });\n`,
      'red_for_other_reason',
    ],
    ['a test that does not load', `import './gone.js';\n${HONEST}`, 'red_for_other_reason'],
    [
      'an assertion about the error',
      `${header}test('x', () => { assert.doesNotThrow(() => tenantOf({})); });\n`,
      'red_for_other_reason',
    ],
  ])('refuses %s', async (_name, test, code) => {
    const result = await check(test);
    expect(codes(result)[0]).toBe(code);
    expect(result.check.status).toBe('fail');
  });

  it('says both when a fix does not help: still red', async () => {
    const result = await check(HONEST, { fix: { 'src/tenant.js': `${RED}// harmless\n` } });
    expect(codes(result)).toEqual(['still_red']);
    expect(result.check.findings[0]?.message).toContain('a request without a user');
  });

  it('refuses a case that is skipped where it should be green', async () => {
    const test = `${header}test('ran', () => {});\ntest('x', { skip: tenantOf.toString().includes('?.') }, () => { tenantOf({}); });\n`;
    expect(codes(await check(test))).toEqual(['still_red']);
  });

  it('refuses a test that is red only the first time, and one that changes from run to run', async () => {
    const marker = `\${process.env.MARKER}`;
    const once = `import fs from 'node:fs';\nimport os from 'node:os';\n${header}
test('x', () => { const file = \`${marker}\`; const count = fs.existsSync(file) ? Number(fs.readFileSync(file)) : 0;
fs.writeFileSync(file, String(count + 1)); if (LIMIT) tenantOf({}); });\n`;
    const run = async (limit: string) => {
      const input = await judgedFix({
        base,
        fix: { 'src/tenant.js': GREEN, 'test/new.test.js': once.replace('LIMIT', limit) },
      });
      input.law.config.tests.env = { MARKER: `${input.root}/../marker-${Math.random()}` };
      const added = [scenario('S010', { test_command: command, incident: INCIDENT })];
      const diagnosis = { affected_files: ['src/tenant.js'], failure_type: 'runtime_error' as const };
      return checkReproduction({ ...input, incident: INCIDENT, diagnosis, added });
    };
    expect(codes(await run('count < 3'))).toEqual(['not_red_on_revert']);
    expect(codes(await run('count !== 1'))).toEqual(['unstable']);
  });

  it('says that the base is fixed already, when the release that production runs is red', async () => {
    const input = await judgedFix({
      release: base,
      base: { ...base, 'src/tenant.js': GREEN },
      fix: { 'test/new.test.js': HONEST },
    });
    const result = await checkReproduction({
      ...input,
      incident: INCIDENT,
      diagnosis: { affected_files: ['src/tenant.js'], failure_type: 'runtime_error' },
      added: [scenario('S010', { test_command: command, incident: INCIDENT })],
    });
    expect(codes(result)).toEqual(['already_fixed']);
    expect(result.check.findings[0]?.message).toContain('v1.4.0');
  });

  it('refuses when the tests load built files instead of the diagnosed source, and names them', async () => {
    const result = await check(HONEST.replace('../src/tenant.js', '../built/tenant.js'), {
      base: { 'built/tenant.js': RED },
      fix: { 'built/tenant.js': GREEN },
    });
    expect(codes(result)).toEqual(['tree_not_seen']);
    expect(result.check.status).toBe('refuse');
    expect(result.check.findings[0]?.message).toContain('thrown in built/tenant.js');
  });

  it('sees that a source elsewhere on the machine is what runs', async () => {
    const outside = await judgedFix({ base: { 'src/tenant.js': RED }, fix: {} });
    const test = HONEST.replace('../src/tenant.js', `${outside.root}/src/tenant.js`);
    const result = await check(test);
    expect(codes(result)).toContain('tree_not_seen');
    expect(result.check.status).toBe('refuse');
    expect(result.check.findings[0]?.message).toContain(`${outside.root}/src/tenant.js`);
  });

  it('proves the tree by what the fix changed, when there is no diagnosis', async () => {
    const diagnosis = { affected_files: [], failure_type: 'unknown' as const };
    const result = await check(HONEST, { diagnosis });
    expect(result.check.status).toBe('pass');
    expect(result.check.evidence.at(-1)?.command).toContain('src/tenant.js broken');
  });

  it('lets only plain test commands of the agent run', async () => {
    const result = await check(HONEST, { scenario: { test_command: 'node -e "process.exit(1)"' } });
    expect(codes(result)).toEqual(['command_not_allowed']);
    expect(result.check.evidence).toEqual([]);
    expect(result.check.findings[0]).toMatchObject({ file: '.self-healing/scenarios/tenant.yaml', line: 5 });
  });

  it('marks an assertion about a wrong value as weak, for a person to decide', async () => {
    const result = await check(HONEST.replace('tenantOf({}), null', 'tenantOf({ user: { tenantId: 1 } }), 2'), {
      fix: { 'src/tenant.js': GREEN.replace('return', 'return 2 ??') },
      event: { type: '', message: 'tenant 1 is served as tenant 2', frames: [], file: undefined },
    });
    expect(codes(result)).toEqual(['weak']);
    expect(result).toMatchObject({ weak: true, check: { status: 'warn' } });
    expect(result.needsPerson).toHaveLength(1);
  });

  it('does not count an assertion of a test that does not run the diagnosed file', async () => {
    const test = HONEST.replace('../src/tenant.js', '../src/other.js').replace('tenantOf({}), null', 'tenantOf(), 2');
    const result = await check(test, {
      base: { 'src/other.js': 'export const tenantOf = () => 1;\n' },
      fix: { 'src/other.js': 'export const tenantOf = () => 2;\n' },
      event: { type: '', message: 'tenant 1 is served as tenant 2', frames: [], file: undefined },
    });
    expect(codes(result)).toEqual(['tree_not_seen']);
    expect(result.check.findings[0]?.message).toContain('does not run the diagnosed source');
  });

  it('takes a request that failed, and an alert without a stack, as weak evidence', async () => {
    const test = HONEST.replace('a request without a user', 'GET /tenant is answered').replace(
      'tenantOf({}), null',
      'tenantOf({}), 200',
    );
    const sources = (status: number) => ({ 'src/tenant.js': `export const tenantOf = () => ${status};\n` });
    const files = { base: sources(500), fix: sources(200) };
    const request = { type: 'HTTP 500', message: 'GET /tenant answered 500', endpoint: 'GET /tenant' };
    const alert = { source: 'alertmanager', type: 'HighErrorRate', message: 'tenants fail', labels: { job: 'shop' } };
    for (const event of [request, alert]) {
      const result = await check(test, { ...files, event: { ...event, frames: [], file: undefined } });
      expect(codes(result)).toEqual(['weak']);
      expect(result.weak).toBe(true);
    }
    const other = await check(test, { ...files, event: { ...request, type: 'HTTP 502', frames: [], file: undefined } });
    expect(codes(other)).toEqual(['red_for_other_reason']);
  });

  it("takes a runner's own time limit for an incident about time, and never the gate's clock", async () => {
    const late = `${header}test('in time', { timeout: 300 }, async () => { await tenantOf(); });\n`;
    const slow = (ms: number) => ({
      'src/tenant.js': `export const tenantOf = () => new Promise((done) => setTimeout(done, ${ms}));\n`,
    });
    const event = { type: '', message: 'GET /tenant timed out', frames: [], file: undefined };
    expect(codes(await check(late, { base: slow(1500), fix: slow(1), event }))).toEqual(['weak']);
    const without = late.replace('timeout: 300', '');
    const result = await check(without, {
      base: slow(60_000),
      fix: slow(1),
      event,
      scenario: { timeout: 4000 },
    });
    expect(codes(result)[0]).toBe('red_for_other_reason');
    expect(result.check.findings[0]?.message).toContain('a time limit of its own');
  });

  it('takes a committed check for the failed step of a lint error, and owes no new test', async () => {
    const lint = `import fs from 'node:fs';\nif (/debugger/.test(fs.readFileSync('src/tenant.js', 'utf8')) || fs.readFileSync('src/tenant.js').includes(0)) { console.log('src/tenant.js:1:1: error: Unexpected debugger statement [no-debugger]'); process.exit(1); }\n`;
    const input = await judgedFix({
      base: { ...base, 'src/tenant.js': `debugger;\n${GREEN}`, 'lint.mjs': lint },
      fix: { 'src/tenant.js': GREEN },
      event: { type: '', message: 'Unexpected debugger statement', file: 'src/tenant.js', frames: [] },
    });
    input.law.scenarios = [scenario('S020', { kind: 'check', test_command: 'node lint.mjs' })];
    const diagnosis = { affected_files: ['src/tenant.js'], failure_type: 'lint_error' as const };
    const result = await checkReproduction({ ...input, incident: INCIDENT, diagnosis, added: [] });
    expect(result).toMatchObject({ weak: false, check: { status: 'pass', findings: [] } });
  });
});
