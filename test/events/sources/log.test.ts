import { describe, expect, it } from 'vitest';
import { toPlainText } from '../../../events/plain-text.ts';
import { looksLikeLog, readLog } from '../../../events/sources/log.ts';
import { fixture } from '../fixtures.ts';

const said = (text: string) =>
  readLog(toPlainText(text)).map(({ type, message }) => (type ? `${type}: ${message}` : message));

describe('recorded logs: the same program through different loggers', () => {
  it.each(['pino-10', 'pino-pretty'])('%s: errors, not the warning that has a stack too', (name) => {
    const error = "TypeError: Cannot read properties of undefined (reading 'tenantId')";
    expect(said(fixture(name))).toEqual([error, error, 'out of connections: 17 of 17']);
  });

  it.each(['winston-3', 'winston-3-printf', 'bunyan-2'])('%s', (name) => {
    expect(said(fixture(name))).toEqual([
      "TypeError: Cannot read properties of undefined (reading 'tenantId')",
      'payment declined for order 1234',
    ]);
  });

  it.each(['structlog-26', 'structlog-26-dict', 'structlog-26-logfmt', 'python-json-logger-4', 'loguru-0.7'])(
    '%s',
    (name) => {
      const error = expect.stringMatching(/^(?:tenant\.)?TenantError: no tenant for request \d+$/);
      expect(said(fixture(name))).toEqual([error, error, 'payment declined for order 1234']);
    },
  );

  it('the standard library of Python: exceptions with the line that announced them, one error each', () => {
    const found = readLog(fixture('python-3.11-logging-exception'));
    expect(found.map(({ type, labels, time }) => [type, labels?.log_message, time])).toEqual([
      ['tenant.TenantError', 'request 1 failed', '2026-11-20T13:51:11.299Z'],
      ['tenant.TenantError', 'request 2 failed', '2026-11-20T13:51:11.301Z'],
      ['', undefined, '2026-11-20T13:51:11.301Z'],
    ]);
  });

  it('a traceback with a prefix on every line', () => {
    expect(readLog(fixture('python-3.11-line-per-record'))).toMatchObject([
      { type: 'tenant.TenantError', time: '2026-11-20T13:51:11.460Z', stack: { frames: [{ line: 13 }, { line: 7 }] } },
    ]);
  });

  it('a traceback with a prefix on every line, and the line that announced it', () => {
    const lines = fixture('python-3.11-line-per-record').split('\n');
    lines.splice(1, 0, '2026-11-20 13:51:11,460 [22416] ERROR    shop - request failed');
    expect(readLog(lines.join('\n'))).toMatchObject([
      { type: 'tenant.TenantError', labels: { log_message: 'request failed' } },
    ]);
  });

  it('unittest: the ERROR line and its traceback are one error', () => {
    expect(said(fixture('python-3.11-unittest'))).toEqual(["KeyError: 'session'"]);
  });

  it('an error that node prints without a stack, its properties as text', () => {
    expect(readLog(fixture('node-20-enoent'))).toMatchObject([
      {
        type: 'Error',
        message: expect.stringMatching(/^ENOENT: .*prices\.json'$/),
        text: expect.stringContaining("syscall: 'open'"),
      },
    ]);
  });
});

describe('what is an error', () => {
  it.each([
    ['INFO and DEBUG', '2024-01-02 03:04:05 INFO error count: 0\n2024-01-02 03:04:05 DEBUG TypeError: tried'],
    ['a warning', '2024-01-02 03:04:05 WARN slow\nDeprecationWarning: old'],
    ['a warning with its stack', '2024-01-02 03:04:05 WARN retry: Error: x\n    at f (/srv/a.js:1:2)'],
    [
      'a 2xx and a 4xx access line',
      '1.2.3.4 - - [02/Jan/2024:03:04:05 +0000] "GET / HTTP/1.1" 200 5\n"GET /x HTTP/1.1" 404 5',
    ],
    ['prose', 'all is well\nnothing failed'],
    ['a test summary', 'FAILED tests/test_a.py::test_b - KeyError\n2 failed, 3 passed'],
    ['nothing', ''],
  ])('not %s', (_what, text) => {
    expect(readLog(text)).toEqual([]);
  });

  it('an uncaught error right below a quiet line', () => {
    expect(said('2024-01-02 03:04:05 INFO listening\nError: boom\n    at f (/srv/a.js:1:2)')).toEqual(['Error: boom']);
    const traceback = 'Traceback (most recent call last):\n  File "/srv/a.py", line 1, in f\nKeyError: 1';
    expect(said(`2024-01-02 03:04:05 WARNING slow\n${traceback}`)).toEqual(['KeyError: 1']);
  });

  it('a failed request in an access log, but no fix can start from it', () => {
    expect(readLog('1.2.3.4 - - [02/Jan/2024:03:04:05 +0000] "POST /pay?id=7 HTTP/1.1" 502 5')).toMatchObject([
      { type: 'HTTP 502', endpoint: 'POST /pay', notActionable: expect.any(String) },
    ]);
  });

  it('an error line with the lines that belong to it', () => {
    const [found, ...rest] = readLog(
      '2024-01-02 03:04:05 ERROR query failed for POST /orders/7\nDETAIL: no column x\nHINT: none\n2024-01-02 03:04:06 INFO ok',
    );
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      message: 'query failed for POST /orders/7',
      endpoint: 'POST /orders/7',
      text: expect.stringContaining('HINT'),
    });
  });

  it('the error that a line names, whatever stands before it', () => {
    expect(readLog('2024-01-02 03:04:05 ERROR request 7 failed: TypeError: x is not a function')).toMatchObject([
      {
        type: 'TypeError',
        message: 'x is not a function',
        labels: { log_message: expect.stringContaining('request 7') },
      },
    ]);
  });

  it('an error with its cause, as one error', () => {
    const text =
      '2024-01-02 03:04:05 ERROR a.b.Cart - java.lang.IllegalStateException: gone\n\tat a.b.Cart.total(Cart.java:12)\nCaused by: java.io.IOException: closed\n\tat a.b.Net.read(Net.java:3)\n\t... 3 more';
    expect(readLog(text)).toMatchObject([
      { type: 'java.lang.IllegalStateException', message: 'gone', text: expect.stringContaining('Net.java:3') },
    ]);
  });

  it('a structured error line that says nothing', () => {
    expect(said('{"level":50,"pid":1}\nERROR')).toEqual(['Error without a message']);
  });

  it('several errors in one log, in order', () => {
    const text = [
      'ERROR first',
      fixture('node-20-uncaught'),
      '{"level":"fatal","msg":"third"}',
      fixture('python-3.11-chained'),
    ].join('\n');
    expect(said(text)).toEqual([
      'first',
      expect.stringMatching(/^TypeError/),
      'third',
      expect.stringMatching(/^tenant\.TenantError/),
    ]);
  });
});

describe('looksLikeLog', () => {
  it.each([
    '\u001b[31mERROR\u001b[0m x',
    'Jan  2 03:04:05 host shop[7]: x',
    'ERROR x',
    '2024-01-02 03:04:05 x',
    '{"level":30,"msg":"x"}',
    'Error: x\n    at f (a.js:1:2)',
    '"GET / HTTP/1.1" 200 5',
  ])('%s', (text) => {
    expect(looksLikeLog(text)).toBe(true);
  });

  it.each([
    'the cart total is wrong when it is empty',
    '2024-01-02 the cart was empty',
    'TypeError: x is not a function',
    '',
  ])('not %s', (text) => {
    expect(looksLikeLog(text)).toBe(false);
  });
});
