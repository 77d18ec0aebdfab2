import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLogLine } from '../../../events/log-line/log-line.ts';

const AT = '2024-01-02T03:04:05.678Z';

describe('prefixes', () => {
  it.each([
    ['2024-01-02 03:04:05,678 ERROR shop.cart: gone', { time: AT, level: 'error', logger: 'shop.cart' }],
    ['2024-01-02 03:04:05,678 - shop.cart - ERROR - gone', { time: AT, level: 'error', logger: 'shop.cart' }],
    ['2024-01-02T03:04:05.678Z [error]: gone', { time: AT, level: 'error' }],
    [
      '2024-01-02T04:04:05.678+01:00 ERROR 12 --- [main] c.s.Cart   : gone',
      { time: AT, level: 'error', logger: 'c.s.Cart' },
    ],
    ['03:04:05.678 [main] ERROR c.s.Cart - gone', { time: undefined, level: 'error', logger: 'c.s.Cart' }],
    ['2024-01-02 03:04:05.678 | ERROR    | shop.cart:total:12 - gone', { time: AT, level: 'error' }],
    ['[2024-01-02 03:04:05,678: ERROR/ForkPoolWorker-1] gone', { time: AT, level: 'error' }],
    ['[2024-01-02 03:04:05 +0000] [7] [ERROR] gone', { time: '2024-01-02T03:04:05.000Z', level: 'error' }],
    ['E, [2024-01-02T03:04:05.678901 #7] ERROR -- : gone', { time: AT, level: 'error' }],
    ['[Nest] 7  - 01/02/2024, 3:04:05 AM   ERROR [Cart] gone', { level: 'error', logger: 'Cart' }],
    ['2024/01/02 03:04:05 [error] 7#7: gone', { time: '2024-01-02T03:04:05.000Z', level: 'error' }],
    ['Jan  2 03:04:05 host shop[7]: gone', { time: undefined, level: undefined }],
    ['Jan  2 03:04:05 host shop[7]: ERROR gone', { level: 'error' }],
    ['2024-01-02T03:04:05.678Z app[web.1]: gone', { time: AT, level: undefined }],
    ['2024-01-02T03:04:05.678901234Z stderr F ERROR gone', { time: AT, level: 'error' }],
    ['shop_1  | ERROR gone', { level: 'error' }],
    // What a collector puts before the line: its file, its host, its own time.
    ['shop.log 2024-01-02 03:04:05,678 ERROR gone', { time: AT, level: 'error' }],
    ['/var/log/shop.log.1:2024-01-02 03:04:05,678 ERROR shop.cart: gone', { time: AT, level: 'error' }],
    [
      'api.log.1.2024-01-02_13:53:08 2024-01-02 03:04:05.678 25746 ERROR shop.api.cart [req-3f2504e0 7 - -] gone',
      { time: AT, level: 'error', logger: 'shop.api.cart' },
    ],
    ['1704164645 2024.01.02 web-7 Jan  2 03:04:05 web-7/web-7 shop[7]: gone', { time: '2024-01-02T00:00:00.000Z' }],
    ['2024-01-02T03:04:05.678Z stderr F 2024-01-02 05:04:05,678 ERROR gone', { time: AT, level: 'error' }],
    ['2024.01.02 web-7 2024-01-02-03.04.05.678901 ERROR gone', { level: 'error' }],
    ['Jan  2 03:04:05 web-7 shop: gone', { time: undefined }],
    ['2024-01-02 03:04:05,678 - ERROR [worker[id=3]/0:0:0:0:2181:Pool$Worker@368] - gone', { level: 'error' }],
    ['2024-01-02 03:04:05.678 ERROR shop.cart [-] gone', { time: AT, level: 'error', logger: 'shop.cart' }],
    ['[03:04:05.678] ERROR (shop/7): gone', { level: 'error' }],
    ['ERROR:shop.cart:gone', { level: 'error', logger: 'shop.cart' }],
    ['ERROR:    gone', { level: 'error' }],
    ['error: gone', { level: 'error' }],
    ['<error> gone', { level: 'error' }],
    ['npm ERR! gone', { level: 'error' }],
    ['##[error]gone', { level: 'error' }],
    ['::error file=a.ts,line=3::gone', { level: 'error' }],
  ])('%s', (line, expected) => {
    const { time, level, logger, message, format } = parseLogLine(line);
    expect({ format, message: message.trim() }).toEqual({ format: 'text', message: 'gone' });
    expect({ time, level, logger }).toMatchObject(expected);
  });

  it.each([
    'error handling is hard',
    'Error in the cart',
    '  ERROR indented',
    '[cart] gone',
    'at 12 items',
    'alerting people',
    '',
  ])('none: %s', (line) => {
    expect(parseLogLine(line)).toMatchObject({ format: 'bare', message: line });
  });

  it.each([
    ['2024-01-02 03:04:05 ERROR prices.json [7] gone', 'prices.json [7] gone'],
    ['2024-01-02 03:04:05 ERROR shop.cart [page: 7] gone', 'shop.cart [page: 7] gone'],
    ['2024-01-02 03:04:05 until 2024-01-03 03:04:05 gone', 'until 2024-01-03 03:04:05 gone'],
    ['Jan  2 03:04:05 cannot connect: gone', 'cannot connect: gone'],
    ['Jan  2 03:04:05 web-7 TypeError: gone', 'gone'],
    ['app.log is gone', 'app.log is gone'],
  ])('leaves to the message what may be its own: %s', (line, message) => {
    expect(parseLogLine(line).message).toBe(message);
  });

  it('keeps the indentation of what follows, which continues a stack', () => {
    expect(parseLogLine('2024-01-02 03:04:05,678 ERROR shop.cart:     at f (a.js:1:2)').message).toBe(
      '    at f (a.js:1:2)',
    );
  });

  it('takes the head of an error apart, behind a prefix or without', () => {
    const head = { type: 'TypeError', message: 'x is not a function' };
    expect(parseLogLine('TypeError: x is not a function')).toMatchObject(head);
    expect(parseLogLine('2024-01-02 03:04:05 ERROR TypeError: x is not a function')).toMatchObject(head);
    expect(parseLogLine('Uncaught TypeError [ERR_X]: x is not a function')).toMatchObject(head);
  });
});

describe('structured lines', () => {
  it.each([
    ['pino', '{"level":50,"time":1704164645678,"pid":7,"name":"shop","msg":"gone"}', { service: 'shop' }],
    ['winston', '{"level":"error","message":"gone","timestamp":"2024-01-02T03:04:05.678Z"}', {}],
    ['structlog', '{"event":"gone","level":"error","timestamp":"2024-01-02T03:04:05.678901Z"}', {}],
    [
      'python',
      '{"asctime":"2024-01-02 03:04:05,678","levelname":"ERROR","name":"shop","message":"gone"}',
      { logger: 'shop' },
    ],
    ['zap', '{"level":"error","ts":1704164645.678,"logger":"cart","msg":"gone"}', { logger: 'cart' }],
    ['GCP', '{"severity":"ERROR","time":"2024-01-02T03:04:05.678Z","message":"gone"}', {}],
    [
      'ECS',
      '{"@timestamp":"2024-01-02T03:04:05.678Z","log.level":"error","message":"gone","service.name":"shop"}',
      { service: 'shop' },
    ],
    ['logrus', 'time="2024-01-02T03:04:05.678Z" level=error msg="gone" service=shop', { service: 'shop' }],
    ['compose', 'shop-1  | {"level":"error","message":"gone","time":1704164645678}', {}],
    ['a time before it', '2024-01-02T03:04:05.678Z {"level":"error","message":"gone"}', {}],
    [
      'docker',
      '{"log":"{\\"level\\":\\"error\\",\\"msg\\":\\"gone\\"}\\n","stream":"stderr","time":"2024-01-02T03:04:05.678901234Z"}',
      {},
    ],
  ])('%s', (_logger, line, expected) => {
    expect(parseLogLine(line)).toMatchObject({
      format: 'structured',
      level: 'error',
      message: 'gone',
      time: AT,
      ...expected,
    });
  });

  it('reads the error object and the request', () => {
    const line =
      '{"level":50,"err":{"type":"RangeError","message":"bad","stack":"RangeError: bad\\n    at f (a.js:1:2)"},"req":{"method":"get","url":"/x?token=1"},"msg":"failed"}';
    expect(parseLogLine(line)).toMatchObject({
      type: 'RangeError',
      errorMessage: 'bad',
      message: 'failed',
      endpoint: 'GET /x',
      stack: expect.stringContaining('at f'),
    });
  });

  it.each(['{"a":1}', '{broken', '[1,2]', '{"level":}', 'a=b c=d'])('none: %s', (line) => {
    expect(parseLogLine(line).format).toBe('bare');
  });
});

it('never throws, whatever the line', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '2024-01-02',
      ' 03:04:05 ',
      '[',
      ']',
      'ERROR',
      ':',
      ' - ',
      '{"level":50',
      '}',
      '"msg":',
      'level=error ',
      'a.b',
      '(1)',
      '|',
      '\t',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      expect(typeof parseLogLine(pieces.join('')).message).toBe('string');
    }),
    { numRuns: 3000 },
  );
});
