import { describe, expect, it } from 'vitest';
import type { CheckRun } from '../../../gate/check-run.ts';
import { type ReasonContext, redForReason } from '../../../gate/reproduction/reason.ts';

const MESSAGE = "Cannot read properties of undefined (reading 'tenantId')";
const CHECKOUT = '/var/checkout/tree';

const context = (extra: Partial<ReasonContext> = {}): ReasonContext => ({
  checkout: CHECKOUT,
  event: {
    type: 'TypeError',
    message: MESSAGE,
    file: 'src/tenant.js',
    frames: [
      { file: 'src/tenant.js', line: 12, function: 'tenantOf', in_app: true },
      { file: 'src/server.js', line: 40, function: 'handle', in_app: true },
    ],
  },
  affectedFiles: ['src/tenant.js'],
  isTest: (path) => path.startsWith('test/'),
  testsOfFix: new Set(['test/tenant.test.js']),
  ...extra,
});

const red = (failure: string, extra: Partial<CheckRun> = {}): CheckRun => ({
  command: 'node --test',
  tree: 't',
  at: 'base_tests',
  status: 'failed',
  exit: 1,
  counts: { passed: 0, failed: 1, skipped: 0 },
  cases: [{ name: 'a case', status: 'failed', failure }],
  diagnostics: [],
  seconds: 1,
  output: '',
  tail: '',
  ...extra,
});

const stack = (head: string, ...places: string[]) => [head, ...places.map((place) => `    at ${place}`)].join('\n');
const IN_SOURCE = `tenantOf (${CHECKOUT}/src/tenant.js:3:10)`;
const IN_TEST = `TestContext.<anonymous> (file://${CHECKOUT}/test/tenant.test.js:5:7)`;
const NODE = 'Test.run (node:internal/test_runner/test:796:25)';

describe('redForReason: the incident itself', () => {
  it.each([
    ['thrown in the source', stack(`TypeError: ${MESSAGE}`, IN_SOURCE, IN_TEST, NODE)],
    ['thrown in another source file', stack(`TypeError: ${MESSAGE}`, `x (${CHECKOUT}/src/other.js:1:1)`, IN_TEST)],
    [
      'thrown below a library',
      stack(`TypeError: ${MESSAGE}`, `get (${CHECKOUT}/node_modules/a/i.js:1:1)`, IN_SOURCE, IN_TEST),
    ],
    ['through an await', stack(`TypeError: ${MESSAGE}`, `async ${IN_SOURCE}`, `async ${IN_TEST}`)],
    [
      'with paths relative to the checkout',
      stack(`TypeError: ${MESSAGE}`, 'tenantOf (src/tenant.js:3:10)', 'Context.<anonymous> (test/tenant.test.js:5:7)'),
    ],
    [
      'the same class, another wording, at the incident frame',
      stack("TypeError: Cannot read property 'tenantId' of undefined", IN_SOURCE, IN_TEST),
    ],
  ])('%s', (_name, failure) => {
    expect(redForReason(red(failure), context())).toMatchObject({ ok: true, weak: false });
  });

  it('masks what differs between two occurrences', () => {
    const event = { ...context().event, type: 'Error', message: 'order 4711 of a@b.example not found' };
    const failure = stack('Error: order 99 of x@y.example not found', IN_SOURCE, IN_TEST);
    expect(redForReason(red(failure), context({ event }))).toMatchObject({ ok: true, weak: false });
  });

  it('takes a Python traceback, and an event whose frames are absolute on another machine', () => {
    const failure = `Traceback (most recent call last):
  File "${CHECKOUT}/tests/test_a.py", line 5, in test_throws
    tenant_of({})
  File "${CHECKOUT}/app/tenant.py", line 5, in tenant_of
    return request["user"]
KeyError: 'user'`;
    const event = {
      type: 'KeyError',
      message: "'account'",
      frames: [{ file: '/srv/shop/app/tenant.py', line: 90, function: 'tenant_of', in_app: true }],
    };
    const found = redForReason(
      red(failure),
      context({ event, affectedFiles: ['app/tenant.py'], isTest: (p) => p.startsWith('tests/') }),
    );
    expect(found).toMatchObject({ ok: true, weak: false, file: 'app/tenant.py' });
  });

  it('takes a failing test of a CI incident for itself, unless the fix changed that test', () => {
    const event = {
      type: 'AssertionError',
      message: '1 == 2',
      file: 'test/old.test.js',
      frames: [{ file: 'test/old.test.js', line: 5, in_app: true }],
    };
    const failure = stack(
      'AssertionError [ERR_ASSERTION]: 1 == 2',
      `TestContext.<anonymous> (${CHECKOUT}/test/old.test.js:5:7)`,
    );
    expect(redForReason(red(failure), context({ event }))).toMatchObject({ ok: true, weak: false });
    expect(redForReason(red(failure), context({ event, testsOfFix: new Set(['test/old.test.js']) }))).toMatchObject({
      ok: false,
    });
  });
});

describe('redForReason: not the incident', () => {
  it.each([
    ['the test throws the error itself', stack(`TypeError: ${MESSAGE}`, IN_TEST, NODE), /throws it itself/],
    [
      'a helper of the tests throws it',
      stack(`TypeError: ${MESSAGE}`, `boom (${CHECKOUT}/test/helpers/boom.js:1:1)`, IN_TEST),
      /throws it itself/,
    ],
    [
      'code that the test made at run time throws it',
      stack(
        `TypeError: ${MESSAGE}`,
        `eval (eval at <anonymous> (${CHECKOUT}/test/tenant.test.js:3:5), <anonymous>:1:7)`,
        IN_TEST,
      ),
      /throws it itself/,
    ],
    [
      'an assertion quotes it',
      stack(`AssertionError [ERR_ASSERTION]: Got unwanted exception.\nActual message: "${MESSAGE}"`, IN_TEST),
      /by an assertion.*Call the code/s,
    ],
    [
      'jest quotes it',
      stack(
        `Error: expect(received).not.toThrow()\n\nError name: "TypeError"\nError message: "${MESSAGE}"`,
        `Object.toThrow (${CHECKOUT}/test/tenant.test.js:2:2)`,
      ),
      /by an assertion/,
    ],
    [
      'a class of that name and text, defined and thrown in the test',
      stack(`TypeError: ${MESSAGE}`, `new TypeError (${CHECKOUT}/test/tenant.test.js:1:1)`, IN_TEST),
      /throws it itself/,
    ],
    [
      'a stack written into another error',
      stack(`Error: see below\nTypeError: ${MESSAGE}`, 'tenantOf (/x/y.js:1:1)', IN_TEST),
      /fails with/,
    ],
    [
      'another error in the source, elsewhere',
      stack('RangeError: too long', `pad (${CHECKOUT}/src/pad.js:3:1)`, IN_TEST),
      /RangeError: too long/,
    ],
    ['no failure text at all', '', /fails with/],
  ])('%s', (_name, failure, why) => {
    const reason = redForReason(red(failure), context());
    expect(reason).toMatchObject({ ok: false, code: 'red_for_other_reason' });
    expect(reason.ok ? '' : reason.why).toMatch(why);
  });

  it('the text stands only in the title and in what the test prints', () => {
    const run = red(stack('AssertionError [ERR_ASSERTION]: 1 == 2', IN_TEST), {
      output: `TypeError: ${MESSAGE}\nTypeError: ${MESSAGE}`,
    });
    run.cases = run.cases.map((one) => ({ ...one, name: `TypeError: ${MESSAGE}` }));
    expect(redForReason(run, context())).toMatchObject({ ok: false });
  });

  it('a run that proves nothing', () => {
    const run = red(stack(`TypeError: ${MESSAGE}`, IN_SOURCE), {
      status: 'error',
      reason: { code: 'load_error', message: 'test/x.js did not load: SyntaxError' },
    });
    expect(redForReason(run, context())).toEqual({
      ok: false,
      code: 'red_for_other_reason',
      why: 'test/x.js did not load: SyntaxError',
    });
  });

  it('an error thrown in a file outside of the tree, and names it', () => {
    const failure = stack(`TypeError: ${MESSAGE}`, 'tenantOf (/home/me/shop/src/tenant.js:3:10)', IN_TEST);
    const reason = redForReason(red(failure), context());
    expect(reason).toMatchObject({ ok: false, code: 'tree_not_seen' });
    expect(reason.ok ? '' : reason.why).toContain('/home/me/shop/src/tenant.js');
  });
});

describe('redForReason: weak', () => {
  it.each([
    ['no frame of the repository', stack(`TypeError: ${MESSAGE}`, 'afterConnect (node:net:1:1)')],
    [
      'a stand-in of the test throws through a frame of the incident',
      stack(`TypeError: ${MESSAGE}`, `lookup (${CHECKOUT}/test/tenant.test.js:2:2)`, IN_SOURCE, IN_TEST),
    ],
    ['another error at a frame of the incident', stack('RangeError: too long', IN_SOURCE, IN_TEST)],
  ])('%s', (_name, failure) => {
    expect(redForReason(red(failure), context())).toMatchObject({ ok: true, weak: true });
  });

  it('an assertion, while the output shows the incident thrown in the source', () => {
    const printed = stack(`TypeError: ${MESSAGE}`, IN_SOURCE, IN_TEST);
    const failure = stack('AssertionError [ERR_ASSERTION]: 500 == 200', IN_TEST);
    expect(redForReason(red(failure, { output: `listening\n${printed}\n` }), context())).toMatchObject({
      ok: true,
      weak: true,
    });
    const made = stack(`TypeError: ${MESSAGE}`, IN_TEST);
    expect(redForReason(red(failure, { output: `${made}\n` }), context())).toMatchObject({ ok: false });
  });

  it('an assertion, when the incident is a wrong value; any other error is not', () => {
    const event = { type: '', message: 'the total is NaN', frames: [] };
    const failure = stack('AssertionError [ERR_ASSERTION]: NaN == 12', IN_TEST);
    expect(redForReason(red(failure), context({ event }))).toMatchObject({ ok: true, weak: true });
    expect(redForReason(red(stack('ReferenceError: x is not defined', IN_TEST)), context({ event }))).toMatchObject({
      ok: false,
    });
  });
});
