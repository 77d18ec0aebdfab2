/** What real runners say of a request that failed, and of a case that ran out of time. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ErrorEvent } from '../../../events/event.ts';
import { type ReasonContext, redForReason } from '../../../gate/reproduction/reason.ts';
import { installedRunners, ownModules, project, run } from '../runner/project.ts';

beforeAll(() => void installedRunners(), 300_000);

const request = { type: 'HTTP 500', message: 'POST /orders answered 500', endpoint: 'POST /orders', frames: [] };
const late = { type: '', message: 'POST /orders timed out after 30000 ms', frames: [] };

interface Case {
  runner: string;
  file: string;
  text: string;
  command: string;
  modules?: () => string;
}

async function reasonOf({ file, text, command, modules }: Case, event: Partial<ErrorEvent>) {
  const folder = project({ 'package.json': '{"type":"module"}', [file]: text }, modules?.());
  const result = await run(folder, command, { at: 'base_tests' });
  const context: ReasonContext = {
    checkout: folder,
    event: event as ReasonContext['event'],
    affectedFiles: ['src/orders.js'],
    isTest: (path) => path === file,
    testsOfFix: new Set([file]),
  };
  return { status: result.status, reason: redForReason(result, context) };
}

const node = (title: string, body: string, options = '{}'): Case => ({
  runner: 'node --test',
  file: 'test/a.test.js',
  text: `import test from 'node:test';\nimport assert from 'node:assert';\ntest(${JSON.stringify(title)}, ${options}, async () => { ${body} });\n`,
  command: 'node --test test/a.test.js',
});
const vitest = (title: string, body: string, limit = 5000): Case => ({
  runner: 'vitest',
  file: 'test/a.test.js',
  text: `import { expect, test } from 'vitest';\ntest(${JSON.stringify(title)}, async () => { ${body} }, ${limit});\n`,
  command: 'npx vitest run test/a.test.js',
  modules: () => ownModules,
});
const jest = (title: string, body: string, limit = 5000): Case => ({
  runner: 'jest',
  file: 'test/a.test.cjs',
  text: `test(${JSON.stringify(title)}, async () => { ${body} }, ${limit});\n`,
  command: 'npx jest --testMatch "**/a.test.cjs"',
  modules: installedRunners,
});
const mocha = (title: string, body: string, limit = 2000): Case => ({
  runner: 'mocha',
  file: 'test/a.cjs',
  text: `it(${JSON.stringify(title)}, async function () { this.timeout(${limit}); ${body} });\n`,
  command: 'npx mocha test/a.cjs',
  modules: installedRunners,
});
const pytest = (body: string): Case => ({
  runner: 'pytest',
  file: 'test_a.py',
  text: `def test_orders():\n    ${body}\n`,
  command: 'python3 -m pytest test_a.py',
});

describe('a request that failed', () => {
  it.each([
    node('POST /orders is accepted', 'assert.strictEqual(500, 201);'),
    node('accepted', 'assert.strictEqual(500, 201, "POST /orders answered 500");'),
    vitest('POST /orders is accepted', 'expect(500).toBe(201);'),
    jest('POST /orders is accepted', 'expect(500).toBe(201);'),
    pytest('status = 500; assert status == 201, "POST /orders"'),
  ])('is shown by an assertion that names path and status: $runner', async (one) => {
    const { status, reason } = await reasonOf(one, request);
    expect(status).toBe('failed');
    expect(reason).toMatchObject({ ok: true, weak: true });
  });

  it.each([
    ['another status', node('POST /orders', 'assert.strictEqual(404, 201);'), 'the status 500'],
    ['a status in a line number alone', node('POST /orders', `${'\n'.repeat(497)}assert.strictEqual(1, 2);`), '500'],
    ['another path', node('POST /orders-old', 'assert.strictEqual(500, 201);'), 'the path /orders'],
    ['no path', pytest('status = 500; assert status == 201'), 'the path /orders'],
  ])('is not shown by %s', async (_name, one, missing) => {
    const { reason } = await reasonOf(one, request);
    expect(reason).toMatchObject({ ok: false, code: 'red_for_other_reason', why: expect.stringContaining(missing) });
  });
});

const HANG = 'await new Promise((resolve) => setTimeout(resolve, 900));';

describe('a time limit', () => {
  it.each([
    node('in time', HANG, '{ timeout: 50 }'),
    vitest('in time', HANG, 50),
    jest('in time', HANG, 50),
    mocha('in time', HANG, 50),
  ])('is shown by the time limit of the case: $runner', async (one) => {
    const { status, reason } = await reasonOf(one, late);
    expect(status).toBe('failed');
    expect(reason).toMatchObject({ ok: true, weak: true, how: expect.stringContaining('out of the time') });
  });

  it('is not shown when the incident is another one', async () => {
    const { reason } = await reasonOf(node('in time', HANG, '{ timeout: 50 }'), { ...late, message: 'a wrong total' });
    expect(reason).toMatchObject({ ok: false });
  });

  it('is not shown by a message that mentions a time limit', async () => {
    const { reason } = await reasonOf(node('x', 'throw new Error("the order timed out");'), late);
    expect(reason).toMatchObject({ ok: false });
  });
});
