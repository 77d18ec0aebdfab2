import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findPythonTampering } from '../../../gate/tampering/python.ts';
import { readPythonBlocks } from '../../../gate/tampering/python-blocks.ts';

const BASE = `import pytest

@pytest.fixture
def cart():
    return Cart(
  "odd indent"
    )

class TestCart:
    """
def not_a_function():
    """

    def test_total(self, cart):
        text = '''
no_indent
'''
        assert cart.total == 3

    async def test_later(self):
        assert True

def test_last():
    assert 1 == 1
`;
const END = BASE.split('\n').length - 1;

function codes(after: number, ...added: string[]) {
  const lines = BASE.split('\n');
  lines.splice(after, 0, ...added);
  return findPythonTampering({
    path: 'tests/test_cart.py',
    existing: true,
    oldText: BASE,
    newText: lines.join('\n'),
    added: new Set(added.map((_, index) => after + 1 + index)),
  }).map(({ code }) => code);
}

it('finds functions and classes by indentation past strings and brackets', () => {
  expect(readPythonBlocks(BASE).map(({ path, start, end }) => `${path} ${start}-${end}`)).toEqual([
    'cart 4-7',
    'TestCart 9-21',
    'TestCart.test_total 14-18',
    'TestCart.test_later 20-21',
    'test_last 23-24',
  ]);
});

it('lets new tests, fixtures by name, new classes with their own setup, and comments be added', () => {
  expect(codes(END, '', 'def test_new(cart):', '    assert cart.total == 0')).toEqual([]);
  expect(codes(21, '', '    def test_in_class(self):', '        assert True')).toEqual([]);
  expect(codes(END, '@pytest.fixture', 'def other():', '    return 1')).toEqual([]);
  expect(
    codes(
      END,
      'class TestNew:',
      '    def setup_method(self):',
      '        pass',
      '    def test_total(self):',
      '        pass',
    ),
  ).toEqual([]);
  expect(codes(17, '        # a remark')).toEqual([]);
});

it.each([
  ['a return in an existing test', 14, '        return', 'case_changed'],
  ['an existing test continued', 24, '    return', 'case_changed'],
  ['an existing fixture changed', 4, '    return None', 'case_changed'],
  ['an existing test defined again', END, 'def test_last(): pass', 'case_shadowed'],
  ['a method defined again', 21, '    def test_total(self): pass', 'case_shadowed'],
  ['a skip mark', 22, "@pytest.mark.skip(reason='flaky')", 'marker'],
  ['an expected failure', 22, '@pytest.mark.xfail', 'marker'],
  ['a module mark', END, "pytestmark = pytest.mark.skipif(True, reason='')", 'marker'],
  ['a skip from within', END, 'pytest.skip("no", allow_module_level=True)', 'marker'],
  ['a unittest skip', 22, '@unittest.skip("x")', 'marker'],
  ['an exit', END, 'import os; os._exit(0)', 'test_exit'],
  ['setup around existing tests', 21, '    def setup_method(self): pass', 'shared_setup'],
  ['module setup', END, 'def setUpModule(): pass', 'shared_setup'],
  ['an automatic fixture', END, '@pytest.fixture(autouse=True)', 'shared_setup'],
  ['another value for all that follows', END, 'Cart.total = 3', 'shared_setup'],
  ['a patch that is never undone', END, "patch('shop.now').start()", 'shared_setup'],
  ['a decorator over an existing test', 22, "@patch('shop.now')", 'case_changed'],
  ['a decorator over an existing fixture', 2, '@slow', 'case_changed'],
  ['an imported name defined again', END, 'def pytest(): pass', 'case_shadowed'],
  ['an existing function replaced', END, 'cart = 3', 'case_shadowed'],
])('finds %s', (_, after, line, code) => {
  expect(codes(after, line)).toContain(code);
});

it('finds a test that became the text of a string', () => {
  const lines = BASE.split('\n');
  lines.splice(22, 0, '"""');
  lines.push('"""', '');
  const added = new Set([23, lines.length - 1]);
  const change = { path: 'tests/test_cart.py', existing: true, oldText: BASE, newText: lines.join('\n'), added };
  expect(findPythonTampering(change).map(({ message }) => message)).toEqual([
    'test_last of tests/test_cart.py is no code any more.',
  ]);
});

it('finds code in the __init__.py of a test folder, and none in an empty one', () => {
  const init = (newText: string) =>
    findPythonTampering({ path: 'tests/__init__.py', existing: false, oldText: '', newText, added: new Set([1]) });
  expect(init('import os\n').map(({ code }) => code)).toEqual(['shared_setup']);
  expect(init('# nothing\n')).toEqual([]);
});

it('reads any text to blocks that lie within it and nest', () => {
  const piece = fc.constantFrom(
    'def f():',
    'class C:',
    '\n',
    '    ',
    '\t',
    '(',
    ')',
    '"',
    "'''",
    '#',
    '\\\n',
    'x',
    'async ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const count = text.split('\n').length;
      const blocks = readPythonBlocks(text);
      for (const { start, end } of blocks) {
        expect(start).toBeGreaterThanOrEqual(1);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(count);
        for (const other of blocks)
          if (other.start > start && other.start <= end) expect(other.end).toBeLessThanOrEqual(end);
      }
    }),
  );
});
