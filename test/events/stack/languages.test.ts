/** The languages beside JavaScript and Python: what was thrown, and where in the application. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPlainText } from '../../../events/plain-text.ts';
import { readLog } from '../../../events/sources/log.ts';
import { parseStack, parseStacks } from '../../../events/stack/stack.ts';
import { fixture } from '../fixtures.ts';

const CASES: [name: string, language: string, type: string, message: string, place: string, name_: string][] = [
  [
    'java-17-cause',
    'java',
    'java.lang.IllegalStateException',
    'no price for x7\nasked for by a customer',
    'com/acme/shop/Cart.java:14',
    'Cart.price',
  ],
  [
    'go-1.19-panic',
    'go',
    'panic',
    'runtime error: index out of range [5] with length 3',
    '/srv/shop/main.go:8',
    'main.(*cart).total',
  ],
  [
    'rust-1.95-backtrace',
    'rust',
    'panic',
    'index out of bounds: the len is 3 but the index is 5',
    'src/main.rs:2',
    'main::price',
  ],
  ['rust-1.95-panic', 'rust', 'panic', 'index out of bounds: the len is 3 but the index is 5', 'src/main.rs:2', ''],
  [
    'ruby-3-uncaught',
    'ruby',
    'NoMethodError',
    "undefined method `price' for nil:NilClass",
    '/srv/shop/lib/cart.rb:12',
    'total',
  ],
  [
    'php-8-uncaught',
    'php',
    'TypeError',
    'total(): Argument #1 ($items) must be of type array, null given, called in /srv/shop/index.php on line 9 and defined',
    '/srv/shop/src/Cart.php:12',
    'Shop\\Cart->total',
  ],
  [
    'php-8-laravel',
    'php',
    'ErrorException',
    'Undefined array key \\"price\\"',
    '/srv/shop/app/Cart.php:12',
    'App\\\\Cart->total',
  ],
  [
    'dotnet-8-unhandled',
    'dotnet',
    'System.InvalidOperationException',
    'no total for cart 7',
    '/srv/shop/Cart.cs:20',
    'Cart.Total',
  ],
];

describe.each(CASES)('%s', (name, language, type, message, place, method) => {
  it('is one stack with its head and its innermost frame in the application', () => {
    const stacks = parseStacks(fixture(name));
    expect(stacks).toHaveLength(1);
    const frame = stacks[0]?.frames.find(({ in_app }) => in_app);
    expect({ ...stacks[0], frames: undefined }).toEqual({ language, type, message, frames: undefined });
    expect([`${frame?.file}:${frame?.line}`, frame?.function ?? '']).toEqual([place, method]);
  });

  it('is one error of a log, whatever stands around it', () => {
    const quiet = '2026-11-20T10:00:01.000Z INFO [shop] fine';
    const found = readLog(toPlainText(`${quiet}\n${fixture(name).trimEnd()}\n${quiet}\n`));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ type, stack: { language } });
  });
});

it('frames of libraries and the runtime are not the application', () => {
  const outside = (name: string) =>
    parseStack(fixture(name))
      ?.frames.filter(({ in_app }) => !in_app)
      .map(({ file }) => file);
  expect(outside('ruby-3-uncaught')).toEqual(['/usr/local/bundle/gems/rack-3.0.8/lib/rack/handler.rb']);
  expect(outside('php-8-laravel')).toEqual([expect.stringContaining('/vendor/')]);
  expect(outside('java-17-cause')).toHaveLength(8);
  expect(outside('rust-1.95-backtrace')).toHaveLength(4);
});

it('Rails, a logger before every line', () => {
  expect(readLog(fixture('ruby-3-rails'))).toMatchObject([
    { type: 'NoMethodError', stack: { frames: [{ file: 'app/models/cart.rb', line: 12 }, { line: 7 }] } },
  ]);
});

it('never throws, whatever is cut off or mixed', () => {
  const lines = CASES.flatMap(([name]) => fixture(name).split('\n'));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 25 }), (mixed) => {
      for (const stack of parseStacks(mixed.join('\n'))) expect(stack.frames).toBeInstanceOf(Array);
    }),
    { numRuns: 1000 },
  );
});
