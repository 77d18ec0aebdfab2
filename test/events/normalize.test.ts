import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventSchema } from '../../events/event.ts';
import { fingerprintLine } from '../../events/fingerprint.ts';
import { MAX_MESSAGE, MAX_STACK_TRACE, type NormalizeOptions, normalize } from '../../events/normalize.ts';
import { fixture } from './fixtures.ts';

const NOW = new Date('2026-12-01T00:00:00Z');
const options: NormalizeOptions = { now: NOW, strip: ['/srv/shop'] };
const line = (second: number, text: string) => `2026-11-20T10:00:0${second}.000Z ERROR ${text}`;

describe('an event', () => {
  it('says where, in the repository', () => {
    const [event] = normalize('log', fixture('node-20-uncaught'), {
      ...options,
      service: 'shop',
      environment: 'production',
    });
    expect(eventSchema.parse(event)).toEqual(event);
    expect(event).toMatchObject({
      source: 'log',
      actionable: true,
      service: 'shop',
      environment: 'production',
      severity: 'low',
      type: 'TypeError',
      message: "Cannot read properties of undefined (reading 'tenantId')",
      file: 'src/tenant.js',
      line: 2,
      column: 26,
      function: 'resolveTenant',
      count: 1,
      first_seen: NOW.toISOString(),
      last_seen: NOW.toISOString(),
      stackTrace: expect.stringContaining('at resolveTenant'),
    });
    expect(event?.frames[0]).toEqual({ file: 'src/tenant.js', line: 2, function: 'resolveTenant', in_app: true });
    expect(event?.frames[2]).toMatchObject({ file: '/srv/shop/node_modules/dep/index.js', in_app: false });
  });

  it('does not take a file of a dependency for one of the repository', () => {
    const text = 'Error: x\n    at f (/srv/shop/node_modules/dep/index.js:1:2)\n    at g (/app/index.js:3:4)';
    expect(normalize('log', text, { now: NOW, known: (path) => path === 'index.js' })).toMatchObject([
      { file: 'index.js', line: 3 },
    ]);
  });

  it('finds a file that only the message names, when it is one of the repository', () => {
    const known = (path: string) => path === 'src/a.ts';
    expect(normalize('log', 'ERROR bad value at src/a.ts:12', { now: NOW, known })).toMatchObject([
      { file: 'src/a.ts', line: 12 },
    ]);
    expect(normalize('log', 'ERROR bad value at src/b.ts:12', { now: NOW, known })[0]).not.toHaveProperty('file');
  });

  it('of a structured line carries what its fields say', () => {
    expect(normalize('log', fixture('pino-10'), options)[0]).toMatchObject({
      service: 'shop',
      endpoint: 'POST /api/orders',
      count: 2,
      first_seen: '2026-11-20T13:55:18.754Z',
      labels: { log_message: 'request failed' },
    });
  });

  it('that no fix can start from says why', () => {
    expect(normalize('log', '"GET /x HTTP/1.1" 500 5', options)).toMatchObject([
      { actionable: false, reason: expect.stringContaining('not why') },
    ]);
  });

  it('given by a person is one, whatever is in it', () => {
    const text = 'the total is wrong\nERROR a\nERROR b';
    expect(normalize('manual', text, options)).toMatchObject([
      { source: 'manual', trigger: 'manual', message: text, count: 1 },
    ]);
    expect(normalize('manual', '  ', options)).toEqual([]);
  });
});

describe('grouping', () => {
  it('counts the same error and keeps its first and last time', () => {
    const log = [
      line(3, 'order 17 lost'),
      line(1, 'order 4 lost'),
      line(5, 'cart gone'),
      line(9, 'order 88 lost'),
    ].join('\n');
    const events = normalize('log', log, options);
    expect(events.map(({ message, count, severity }) => [message, count, severity])).toEqual([
      ['order 17 lost', 3, 'medium'],
      ['cart gone', 1, 'low'],
    ]);
    expect(events[0]).toMatchObject({ first_seen: '2026-11-20T10:00:01.000Z', last_seen: '2026-11-20T10:00:09.000Z' });
  });

  it('gives a line without a stack the fingerprint of that line', () => {
    const text = line(1, 'order 17 of ann@shop.io from 203.0.113.9 lost');
    expect(normalize('log', text, options)[0]?.fingerprint).toBe(fingerprintLine(text).fingerprint);
  });

  it('is the same error in the log, in the test run and in another deployment', () => {
    const print = (name: string) => normalize('log', fixture(name), options)[0]?.fingerprint;
    expect(print('pino-pretty')).toBe(print('pino-10'));
    expect(print('python-3.11-unittest')).toBe(normalize('log', fixture('pytest-9'), options)[2]?.fingerprint);
    const elsewhere = fixture('node-20-uncaught').replaceAll('/srv/shop', '/opt/releases/20260101');
    expect(normalize('log', elsewhere, { now: NOW, strip: ['/opt/releases/20260101'] })[0]?.fingerprint).toBe(
      print('node-20-uncaught'),
    );
  });

  it('does not depend on times, ids and numbers', () => {
    const part = fc.record({ id: fc.uuid(), n: fc.nat(), ms: fc.nat(), s: fc.integer({ min: 0, max: 9 }) });
    const print = (p: { id: string; n: number; ms: number; s: number }) =>
      normalize('log', line(p.s, `order ${p.id} (${p.n}) timed out after ${p.ms}ms`), options)[0]?.fingerprint;
    fc.assert(
      fc.property(part, part, (a, b) => {
        expect(print(a)).toBe(print(b));
      }),
    );
  });
});

describe('ids', () => {
  it('are the same when the same text is fed twice, at another time', () => {
    const ids = (now: Date) =>
      normalize('log', fixture('python-3.11-logging-exception'), { now }).map((event) => event.id);
    expect(ids(NOW)).toEqual(ids(new Date(0)));
    expect(new Set(ids(NOW)).size).toBe(2);
  });

  it('differ when the error occurs again later', () => {
    const id = (second: number) => normalize('log', line(second, 'order 17 lost'), options)[0]?.id;
    expect(id(1)).not.toBe(id(2));
  });
});

describe('hostile text', () => {
  it('is redacted everywhere', () => {
    const secret = `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`;
    const text = [
      `2026-11-20 10:00:00 ERROR shop.cart: login of ann@shop.io failed`,
      `Error: no access with ${secret} from 203.0.113.9`,
      `    at f (/srv/shop/src/a.js:1:2)`,
      `    at ${secret} (/srv/${secret}/b.js:1:2)`,
      JSON.stringify({
        level: 'error',
        msg: `bad ${secret}`,
        service: secret,
        env: 'ann@shop.io',
        req: { method: 'GET', url: `/u/ann@shop.io` },
      }),
    ].join('\n');
    for (const source of ['log', 'manual']) {
      const out = JSON.stringify(normalize(source, text, options));
      for (const leak of [secret, 'ann@shop.io', '203.0.113.9']) expect(out).not.toContain(leak);
    }
    expect(JSON.stringify(normalize('log', text, { ...options, redactIps: false }))).toContain('203.0.113.9');
  });

  it('is bounded', () => {
    const long = `2026-11-20 10:00:00 ERROR ${'very long '.repeat(50_000)}`;
    const stack = `Error: ${'line\n'.repeat(30)}${'    at f (/srv/shop/src/a.js:1:2)\n'.repeat(10_000)}`;
    for (const event of [...normalize('log', `${long}\n${stack}`, options), ...normalize('manual', stack, options)]) {
      expect(event.message.length).toBeLessThanOrEqual(MAX_MESSAGE);
      expect(event.stackTrace?.length ?? 0).toBeLessThanOrEqual(MAX_STACK_TRACE);
      expect(event.frames.length).toBeLessThanOrEqual(100);
    }
  });

  it('reads through colours, CRLF, NUL bytes and invalid UTF-8', () => {
    const text =
      '\ufeff\u001b[31m2026-11-20 10:00:00 ERROR\u001b[0m or\u0000der \ufffd lost\r\n\u001b[2m    at f (/srv/shop/src/a.js:1:2)\u001b[0m\r\n';
    expect(normalize('log', text, options)).toMatchObject([{ message: 'order \ufffd lost', file: 'src/a.js' }]);
  });

  it.each([
    ['frames', 'Traceback (most recent call last):\n', '  File "a.py", line 1, in x\n'],
    ['error lines', '', 'ERROR boom 1\n'],
    [
      'open groups',
      '  + Exception Group Traceback (most recent call last):\n',
      '  | Traceback (most recent call last):\n',
    ],
    ['failures', '', 'not ok 1 x\n---\n'],
    ['braces', '{', '{"a":'],
    ['binary', '', '\u0000\u0001\ufffd\u001b[\u009b'],
  ])('ends on 5 MB of %s', (_what, head, piece) => {
    const text = head + piece.repeat(Math.floor(5_000_000 / piece.length));
    for (const event of normalize('log', text, options)) eventSchema.parse(event);
    expect(normalize('manual', text, options).length).toBeLessThanOrEqual(1);
  });

  it('never throws, and every event is valid', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '\n',
        'ERROR ',
        'Error: x',
        '\n    at f (a.js:1:2)',
        '{"level":50,"err":',
        '{"stack":"a\\nb"}}',
        '2026-11-20 10:00:00 ',
      ),
      fc.string({ unit: 'binary', maxLength: 10 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.constantFrom('log', 'manual'), (pieces, source) => {
        for (const event of normalize(source, pieces.join(''), options))
          expect(eventSchema.parse(event)).toEqual(event);
      }),
      { numRuns: 2000 },
    );
  });
});

it('names the sources that are supported', () => {
  expect(() => normalize('pigeon', '{}', options)).toThrow(/"pigeon" is not supported/);
  expect(() => normalize('toString', '', options)).toThrow(/not supported/);
});
