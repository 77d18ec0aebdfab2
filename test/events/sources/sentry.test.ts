import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../events/normalize.ts';

const now = new Date('2026-12-01T00:00:00Z');
const FILES = new Set([
  'shop/price.py',
  'main.py',
  'cmd/main.go',
  'src/price.ts',
  'app/models/price.rb',
  'src/Price.php',
  'src/Shop/PriceService.cs',
  'src/price.rs',
  'src/main.rs',
  'src/app/cart/page.tsx',
  'dist/price.js',
  'services/cart/src/main/java/com/shop/price/PriceService.java',
]);
const options = {
  now,
  strip: ['/srv/shop'],
  known: (path: string) => FILES.has(path),
  ending: (path: string) => [...FILES].find((file) => file.endsWith(`/${path}`)),
};
const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'sentry/fixtures', `${name}.json`), 'utf8');
/** A fixture as the webhook of a resource, with other values at some places, such as `data.issue.id`. */
const read = (name: string, resource?: string, changes: Record<string, unknown> = {}) => {
  const json: unknown = JSON.parse(fixture(name));
  for (const [path, value] of Object.entries(changes)) put(json, path.split('.'), value);
  return normalize('sentry', JSON.stringify(json), { ...options, headers: { 'sentry-hook-resource': resource } });
};
function put(into: unknown, [key = '', ...rest]: string[], value: unknown): void {
  const place = into as Record<string, unknown>;
  if (rest.length === 0) place[key] = value;
  else put(place[key], rest, value);
}

describe('a webhook of Sentry', () => {
  it('of an alert rule tells its event with all that Sentry knows', () => {
    const [event, ...others] = read('hook-event-alert', 'event_alert');
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      source: 'sentry',
      actionable: true,
      trigger: 'new_issue',
      type: 'TypeError',
      message: "Cannot read properties of undefined (reading 'cents')",
      file: 'src/price.ts',
      line: 12,
      column: 18,
      function: 'total',
      service: 'front-end',
      environment: 'production',
      release: 'shop@1.4.0',
      severity: 'medium',
      endpoint: 'GET /cart/7',
      count: 1,
      affected_users: 1,
      group: '1117540176',
      url: 'https://sentry.io/organizations/test-org/issues/1117540176/',
      first_seen: '2026-11-20T10:06:17.677Z',
      labels: { project: 'front-end', platform: 'javascript', browser: 'Chrome 141.0' },
      frames: [
        { file: 'src/price.ts', in_app: true },
        { file: '/static/vendor.js', in_app: false },
      ],
    });
    expect(event?.breadcrumbs).toEqual([
      '2026-11-20T10:06:10.100Z [fetch] method=GET url=/api/cart/7 status_code=200',
      '2026-11-20T10:06:17.200Z [console] error cart has no price',
    ]);
    expect(event?.stackTrace).toBe(
      "TypeError: Cannot read properties of undefined (reading 'cents')\n" +
        '    at total (src/price.ts:12:18)\n        return cart.price.cents;\n' +
        '    at <anonymous> (/static/vendor.js:1:1)',
    );
    expect(JSON.stringify(event)).not.toContain('203.0.113.9');
  });

  it.each([
    ['self-healing: new issue', 'new_issue'],
    ['self-healing: regression', 'regression'],
    ['self-healing: frequency (10 events in 5 min)', 'spike'],
    ['self-healing: spike > 1 % of sessions', 'spike'],
    ['self-healing: new issue, regression or frequency', 'alert'],
    ['Very important', 'alert'],
  ])('of the rule %j has the trigger %s', (rule, trigger) => {
    expect(read('hook-event-alert', 'event_alert', { 'data.triggered_rule': rule })).toMatchObject([{ trigger }]);
  });

  it('is read without its header too', () => {
    for (const name of [
      'hook-event-alert',
      'hook-error',
      'hook-issue',
      'hook-metric-alert',
      'hook-plugin',
      'python-1.9',
    ]) {
      const [event] = read(name);
      expect([name, event?.source, event?.actionable]).toEqual([name, 'sentry', true]);
    }
  });

  it('of an error is the same event as that of a rule', () => {
    const [error] = read('hook-error', 'error', { 'data.error.event_id': 'E4874D66-4C35-40C1-A32E-AB185F12C5AB' });
    const [alert] = read('hook-event-alert', 'event_alert');
    expect([error?.id, error?.fingerprint]).toEqual([alert?.id, alert?.fingerprint]);
  });

  it.each([
    ['fatal', 'critical'],
    ['error', 'medium'],
    ['warning', 'medium'],
    ['info', 'low'],
    [null, 'medium'],
  ])('of level %s is %s, or graver by what it says', (level, severity) => {
    const said = { 'data.event.level': level };
    expect(read('hook-event-alert', 'event_alert', said)).toMatchObject([{ severity }]);
    const value = 'connect ECONNREFUSED 10.0.0.1:5432';
    const [grave] = read('hook-event-alert', 'event_alert', { ...said, 'data.event.exception.values.0.value': value });
    expect(grave?.severity).toBe(severity === 'medium' ? 'critical' : severity);
  });

  it('of an issue tells count, users, times and why', () => {
    expect(read('hook-issue', 'issue')).toMatchObject([
      {
        actionable: true,
        trigger: 'regression',
        type: 'TypeError',
        message: 'cart is undefined',
        file: 'src/price.ts',
        function: 'total',
        count: 25,
        affected_users: 7,
        severity: 'high',
        first_seen: '2026-10-01T08:58:37.391Z',
        last_seen: '2026-11-20T10:58:37.391Z',
        service: 'front-end',
        group: '1170820242',
        url: 'https://sentry.io/organizations/test-org/issues/1170820242/',
      },
    ]);
    const trigger = (substatus: string, action = 'unresolved') =>
      read('hook-issue', 'issue', { action, 'data.issue.substatus': substatus })[0]?.trigger;
    expect([trigger('escalating'), trigger('ongoing'), trigger('new', 'created')]).toEqual([
      'spike',
      'alert',
      'new_issue',
    ]);
  });

  it.each(['resolved', 'assigned', 'archived', 'ignored'])('of an issue that was %s starts nothing', (action) => {
    expect(read('hook-issue', 'issue', { action })).toMatchObject([
      { actionable: false, reason: expect.stringContaining(action) },
    ]);
  });

  it('of a metric alert tells the number and no place', () => {
    const [event] = read('hook-metric-alert', 'metric_alert');
    expect(event).toMatchObject({
      trigger: 'spike',
      severity: 'critical',
      type: 'self-healing: failure rate',
      message: '1.7% failure rate in the last 5 minutes\nFilter: transaction:/cart',
      service: 'shop',
      environment: 'production',
      first_seen: '2026-11-20T10:25:40.000Z',
      url: 'https://sentry.io/organizations/test-org/alerts/1/',
      frames: [],
    });
    expect(event?.file).toBeUndefined();
    const warning = read('hook-metric-alert', 'metric_alert', {
      action: 'warning',
      'data.metric_alert.alert_rule.aggregate': 'count()',
    });
    expect(warning).toMatchObject([{ severity: 'medium', trigger: 'alert' }]);
    expect(read('hook-metric-alert', 'metric_alert', { action: 'resolved' })).toMatchObject([
      { actionable: false, reason: 'the alert is resolved' },
    ]);
  });

  it('of the older plugin is read like a rule', () => {
    expect(read('hook-plugin')).toMatchObject([
      {
        type: 'KeyError',
        trigger: 'spike',
        service: 'shop',
        file: 'shop/price.py',
        group: '541485531',
        release: '1.4.0',
      },
    ]);
  });

  it('of anything else is answered for and starts nothing; what is none is refused', () => {
    const read = (body: string, resource?: string) =>
      normalize('sentry', body, { now, headers: { 'sentry-hook-resource': resource } });
    for (const resource of ['installation', 'comment', 'seer', 'something_new'])
      expect(read('{"action":"created","data":{}}', resource)).toMatchObject([{ actionable: false }]);
    expect(() => read('{"action":"created"}', 'installation')).toThrow('data');
    expect(() => read('{"hello":1}')).toThrow('action');
    expect(() => read('{"data":{"event":[]}}', 'event_alert')).toThrow('data.event');
    expect(() => read('{"action":"created","data":{"issue":{"title":"x"}}}', 'issue')).toThrow('data.issue.id');
  });
});

describe('an event of an SDK', () => {
  it.each([
    ['python-1.9', 'RuntimeError', 'shop/price.py', 9, 'price', 'ValueError: invalid literal'],
    ['go-0.11', '*fmt.wrapError', 'cmd/main.go', 25, 'main', '*errors.errorString: the price'],
    [
      'java',
      'IllegalArgumentException',
      'services/cart/src/main/java/com/shop/price/PriceService.java',
      17,
      'total',
      '',
    ],
    ['ruby', 'NoMethodError', 'app/models/price.rb', 12, 'block in total', ''],
    ['php', 'TypeError', 'src/Price.php', 12, 'Shop\\Price::total', ''],
    [
      'dotnet',
      'System.InvalidOperationException',
      'src/Shop/PriceService.cs',
      21,
      'decimal PriceService.Total(Cart cart)',
      '',
    ],
    ['rust', 'panic', 'src/price.rs', 4, 'shop::price::total', ''],
    ['nextjs-mapped', 'TypeError', 'src/app/cart/page.tsx', 14, 'CartPage', ''],
    ['node-app', 'Error', 'dist/price.js', 3, 'Price.total', ''],
  ])('of %s says where', (name, type, file, line, fn, cause) => {
    const [event, ...others] = read(name);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ actionable: true, type, file, line, function: fn });
    expect(event?.stackTrace).toContain(cause && `Caused by: ${cause}`);
    expect(event?.frames.find(({ in_app }) => in_app)).toMatchObject({ file, line });
  });

  it('keeps the name that the SDK gives a file which is none of the repository', () => {
    const elsewhere = (name: string) => normalize('sentry', fixture(name), { now, known: () => false })[0];
    expect(elsewhere('ruby')).toMatchObject({ file: 'app/models/price.rb', frames: [{}, { file: 'puma/server.rb' }] });
    expect(elsewhere('ruby')?.fingerprint).toBe(read('ruby')[0]?.fingerprint);
  });

  it('of a framework that wraps errors is about the error, and shows the wrapper', () => {
    const [event] = read('java');
    expect(event).toMatchObject({ message: 'amount must not be negative: -3', endpoint: 'GET /cart/{id}' });
    expect(event?.stackTrace).toMatch(
      /^ServletException: Request processing failed[\s\S]+Caused by: IllegalArgumentException/,
    );
    expect(event?.frames.map(({ in_app }) => in_app)).toEqual([true, true, false]);
  });

  it('of a minified page keeps its fingerprint over builds', () => {
    const [event] = read('browser-minified');
    expect(event).toMatchObject({ endpoint: '/cart', frames: [{ file: expect.stringContaining('/cart/page-') }, {}] });
    // No place of a fix is in what a bundler made, also where that is kept in the repository.
    for (const [all] of [[event], normalize('sentry', fixture('browser-minified'), { now, known: () => true })])
      expect([all?.file, all?.line, all?.function]).toEqual([undefined, undefined, undefined]);
    const frames = 'exception.values.0.stacktrace.frames';
    const chunk = (name: string, fn: string, colno: number) => ({
      ...{
        filename: `https://shop.example/_next/static/chunks/${name}.js`,
        function: fn,
        in_app: true,
        lineno: 1,
        colno,
      },
    });
    const [rebuilt] = read('browser-minified', undefined, {
      [`${frames}.0`]: chunk('framework-93aabb01cdeedbe1', 'aB', 9001),
      [`${frames}.1`]: chunk('app/cart/page-00ff12aa34bb56cc', 't', 12001),
    });
    expect(rebuilt?.fingerprint).toBe(event?.fingerprint);
  });

  it.each([
    ['static/chunks/main-4f3a9c2e1b7d6a80.js', true],
    ['assets/index-BhqX3k9a.js', true],
    ['static/js/main.8c1f2b3d.chunk.js', true],
    ['lib/jquery.min.js', true],
    ['src/checkout-handler1.js', false],
    ['src/user-2024.js', false],
    ['src/price.js', false],
  ])('tells what a bundler made from what somebody wrote: %s', (filename, made) => {
    const stacktrace = { frames: [{ filename, lineno: 40, colno: 7, in_app: true }] };
    const body = JSON.stringify({ event_id: 'e', exception: { values: [{ type: 'E', value: 'x', stacktrace }] } });
    expect(normalize('sentry', body, { now, known: () => true })[0]?.file).toBe(made ? undefined : filename);
  });

  it('of a page is its own code only, whatever the SDK for browsers says', () => {
    expect(read('nextjs-mapped')[0]?.frames.map(({ in_app }) => in_app)).toEqual([true, false]);
  });

  it('knows what belongs to runtimes and frameworks where the SDK does not say', () => {
    expect(read('rust')[0]?.frames.map(({ in_app }) => in_app)).toEqual([false, true, true, false]);
    expect(read('dotnet')[0]?.frames.map(({ in_app }) => in_app)).toEqual([false, true, false]);
  });

  it('of a group of errors is about the first of them that passes through the application', () => {
    const frames = (lineno: number) => ({ frames: [{ filename: 'src/price.ts', lineno, in_app: true }] });
    const mechanism = (is_exception_group: boolean) => ({ type: 'chained', handled: true, is_exception_group });
    const exception = {
      values: [
        { type: 'RangeError', value: 'second', stacktrace: frames(3), mechanism: mechanism(false) },
        { type: 'TypeError', value: 'first', stacktrace: frames(2), mechanism: mechanism(false) },
        { type: 'AggregateError', value: 'all failed', stacktrace: frames(1), mechanism: mechanism(true) },
      ],
    };
    const [event] = normalize('sentry', JSON.stringify({ event_id: 'a', exception }), options);
    expect(event).toMatchObject({ type: 'TypeError', message: 'first', line: 2 });
    expect(event?.stackTrace).toContain('AggregateError: all failed');
  });

  it('is read though parts of it are odd', () => {
    const odd = {
      event_id: 7,
      level: ['x'],
      timestamp: { never: 1 },
      exception: {
        values: [
          { type: null, value: 12, stacktrace: { frames: [null, 'x', { lineno: '4', filename: 'main.py' }] } },
          5,
        ],
      },
      breadcrumbs: { values: [null, {}, { message: 'kept' }] },
      tags: { a: 1, b: null, c: { d: 1 } },
      user: 'ann',
      request: [],
      threads: 'none',
      fingerprint: 'x',
    };
    expect(normalize('sentry', JSON.stringify(odd), options)).toMatchObject([
      { message: '12', file: 'main.py', line: 4, breadcrumbs: ['kept'], labels: { a: '1' } },
    ]);
  });

  it('may be a message without an exception, with the stack of its thread', () => {
    const frames = [{ filename: 'main.py', lineno: 3, in_app: true }];
    for (const message of ['the cart is gone', { message: 'the cart %s', formatted: 'the cart is gone' }])
      expect(
        normalize(
          'sentry',
          JSON.stringify({ event_id: 'm', message, threads: { values: [{ current: true, stacktrace: { frames } }] } }),
          options,
        ),
      ).toMatchObject([{ type: '', message: 'the cart is gone', file: 'main.py', line: 3 }]);
  });
});

describe('an envelope', () => {
  const envelope = (event: object, header: object = {}) =>
    [JSON.stringify({ event_id: 'f'.repeat(32), ...header }), '{"type":"event"}', JSON.stringify(event)].join('\n');

  it('tells its errors, and leaves notes and measurements alone', () => {
    const read = (level: string) => normalize('sentry_dsn', envelope({ level, message: 'the cart is gone' }), { now });
    expect(read('error')).toMatchObject([{ source: 'sentry', actionable: true, severity: 'low' }]);
    expect(read('fatal')).toMatchObject([{ actionable: true, severity: 'high' }]);
    expect(read('info')).toMatchObject([{ actionable: false, reason: 'its level is info, which is no error' }]);
    const others = '{}\n{"type":"session"}\n{"sid":"1"}\n{"type":"transaction"}\n{"type":"transaction"}';
    expect(normalize('sentry_dsn', others, { now })).toEqual([]);
  });

  it('is read as a source of Sentry too, with the project of its DSN', () => {
    const text = envelope({ message: 'gone' }, { dsn: 'https://key@errors.example/base/4711' });
    expect(normalize('sentry', text, { now })).toMatchObject([{ labels: { project: '4711' } }]);
  });
});
