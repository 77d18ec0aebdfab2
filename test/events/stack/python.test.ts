import { describe, expect, it } from 'vitest';
import { parseStack } from '../../../events/stack/stack.ts';
import { fixture } from '../fixtures.ts';

const places = (text: string) =>
  parseStack(text)?.frames.map(
    (frame) => `${frame.in_app ? '' : 'not '}${frame.file.split('/').at(-1)}:${frame.line}:${frame.function ?? ''}`,
  );

describe('what CPython prints', () => {
  it('an uncaught exception, innermost frame first', () => {
    expect(parseStack(fixture('python-3.11-uncaught'))).toMatchObject({
      language: 'python',
      type: 'KeyError',
      message: "'session'",
    });
    expect(places(fixture('python-3.11-uncaught'))).toEqual(['tenant.py:2:resolve_tenant', 'uncaught.py:2:<module>']);
  });

  it('a direct cause: the exception raised last', () => {
    expect(parseStack(fixture('python-3.11-chained'))).toMatchObject({
      type: 'tenant.TenantError',
      message: expect.stringMatching(/^no tenant for request \d+$/),
    });
    expect(places(fixture('python-3.11-chained'))).toEqual(['tenant.py:13:handle', 'chained.py:2:<module>']);
  });

  it('an exception during handling: the exception raised last', () => {
    expect(parseStack(fixture('python-3.11-during'))).toMatchObject({ type: 'AttributeError' });
    expect(places(fixture('python-3.11-during'))?.[0]).toBe('during.py:8:fallback');
  });

  it('a syntax error, imported and in the script itself', () => {
    for (const name of ['python-3.11-syntax-user', 'python-3.11-syntax-broken']) {
      expect(parseStack(fixture(name))).toMatchObject({ type: 'SyntaxError', message: 'invalid syntax' });
      expect(places(fixture(name))?.[0]).toBe('syntax_broken.py:1:');
    }
  });

  it('an exception group: the member raised in the application', () => {
    expect(parseStack(fixture('python-3.11-group'))).toMatchObject({
      type: 'ValueError',
      message: 'no price from south',
    });
    expect(places(fixture('python-3.11-group'))).toEqual(['group.py:4:fetch']);
  });

  it('recursion', () => {
    expect(parseStack(fixture('python-3.11-recursion'))).toMatchObject({ type: 'RecursionError' });
  });

  it('tells the standard library and packages from the application', () => {
    const text = `Traceback (most recent call last):
  File "/srv/shop/app.py", line 1, in <module>
  File "/usr/lib/python3.11/json/__init__.py", line 346, in loads
  File "/srv/shop/.venv/lib/python3.11/site-packages/x.py", line 2, in y
  File "<frozen importlib._bootstrap>", line 3, in z
json.decoder.JSONDecodeError: bad`;
    expect(places(text)).toEqual([
      'not <frozen importlib._bootstrap>:3:z',
      'not x.py:2:y',
      'not __init__.py:346:loads',
      'app.py:1:<module>',
    ]);
  });

  it('a message of many lines ends where the program goes on', () => {
    const head = 'Traceback (most recent call last):\n  File "/a.py", line 1, in f\n';
    const text = `${head}sqlalchemy.exc.ProgrammingError: relation "x" does not exist\nLINE 1: SELECT\n        ^\n[SQL: SELECT]\nserving again`;
    expect(parseStack(text)?.message).toBe('relation "x" does not exist\nLINE 1: SELECT\n        ^\n[SQL: SELECT]');
  });

  it('a traceback that was cut off', () => {
    expect(parseStack('Traceback (most recent call last):\n  File "/a.py", line 1, in f')).toMatchObject({
      type: '',
      message: '',
    });
    expect(parseStack('Traceback (most recent call last):')).toMatchObject({ frames: [] });
  });
});
