import { describe, expect, it } from 'vitest';
import { isJavaScriptFrame } from '../../../events/stack/javascript.ts';
import { parseStack } from '../../../events/stack/stack.ts';
import { fixture } from '../fixtures.ts';

/** `file:line:function` of the in-app frames. */
function places(text: string): string[] {
  const frames = parseStack(text)?.frames.filter((frame) => frame.in_app) ?? [];
  return frames.map((frame) => `${frame.file}:${frame.line}:${frame.function ?? ''}`);
}

describe('what node prints', () => {
  it('an uncaught error, with frames of a dependency, a constructor and an anonymous function', () => {
    const text = fixture('node-20-uncaught');
    expect(parseStack(text)).toMatchObject({
      language: 'javascript',
      type: 'TypeError',
      message: "Cannot read properties of undefined (reading 'tenantId')",
    });
    expect(places(text)).toEqual([
      '/srv/shop/src/tenant.js:2:resolveTenant',
      '/srv/shop/src/uncaught.js:5:',
      '/srv/shop/src/uncaught.js:5:new Handler',
      '/srv/shop/src/uncaught.js:8:Object.<anonymous>',
    ]);
  });

  it('a cause, in a module: the outermost error is meant, its URL a path', () => {
    const text = fixture('node-20-cause');
    expect(parseStack(text)).toMatchObject({ type: 'Error', message: 'cannot load prices' });
    expect(places(text)).toEqual(['/srv/shop/src/cause.mjs:6:readPrices', '/srv/shop/src/cause.mjs:9:']);
  });

  it('a cause that alone reaches the application', () => {
    expect(parseStack(fixture('node-20-dep-fails'))).toMatchObject({
      type: 'TypeError',
      message: 'bad argument to dep',
    });
    expect(places(fixture('node-20-dep-fails'))[0]).toBe('/srv/shop/src/dep-fails.js:2:Object.<anonymous>');
  });

  it('an aggregate without a stack: its first member', () => {
    expect(parseStack(fixture('node-20-aggregate'))).toMatchObject({
      type: 'RangeError',
      message: 'no price from north',
    });
  });

  it('a syntax error: the file above the code', () => {
    expect(parseStack(fixture('node-20-syntax-user'))).toMatchObject({
      type: 'SyntaxError',
      message: "Unexpected token ';'",
    });
    expect(places(fixture('node-20-syntax-user'))[0]).toBe('/srv/shop/src/syntax.js:1:');
  });

  it('evaluated code: the place that evaluated it', () => {
    expect(places(fixture('node-20-eval'))[0]).toBe('/srv/shop/src/eval.js:1:eval');
  });

  it('a message of many lines', () => {
    expect(parseStack(fixture('node-20-assertion'))?.message).toMatch(/^Expected values.*\n[\s\S]*total: 4\n {2}\}$/);
  });

  it('a rejection without any frame of the application', () => {
    expect(parseStack(fixture('node-20-rejection'))?.type).toBe('UnhandledPromiseRejection');
    expect(places(fixture('node-20-rejection'))).toEqual([]);
  });
});

describe('test runners', () => {
  it.each(['node-20-test-spec', 'mocha-12', 'jest-30', 'vitest-4'])('%s', (name) => {
    expect(parseStack(fixture(name))).toMatchObject({
      type: 'TypeError',
      message: "Cannot read properties of undefined (reading 'tenantId')",
    });
  });
});

describe('frames', () => {
  it.each([
    '    at async Promise.all (index 0)',
    'at Array.map (<anonymous>)',
    '    at C:\\shop\\src\\cart.js:1:2',
    '    at Foo.bar [as baz] (webpack-internal:///./src/x.ts:1:2)',
    '    at fn (/srv/a (copy)/x.js:1:2)',
    ' ❯ fn src/cart.ts:3:10',
  ])('%s', (line) => {
    expect(isJavaScriptFrame(line)).toBe(true);
  });

  it.each([
    'at the end of the day',
    '    at com.shop.Cart.total(Cart.java:12)',
    'meet me at noon (12:30)',
    '  at least 3',
    ' ❯ cart.test.ts (2 tests | 2 failed) 7ms',
  ])('no frame: %s', (line) => {
    expect(isJavaScriptFrame(line)).toBe(false);
  });

  it('keeps folders with parentheses and drops aliases', () => {
    const text = 'Error: x\n    at Foo.bar [as baz] (/srv/a (copy)/x.js:1:2)';
    expect(places(text)).toEqual(['/srv/a (copy)/x.js:1:Foo.bar']);
  });

  it('knows a class of the application by its place above the frames', () => {
    expect(parseStack('OrderGone: order 5\n    at f (/srv/x.js:1:2)')).toMatchObject({
      type: 'OrderGone',
      message: 'order 5',
    });
  });
});
