import { expect, it } from 'vitest';
import { findJavaTampering } from '../../../gate/tampering/java.ts';

const BASE = `package shop;

import org.junit.jupiter.api.Test;

class CartTest {
  private final Cart cart = new Cart("{");

  @Test
  void adds() {
    assertEquals(3, cart.add(1, 2)); // }
  }

  @ParameterizedTest
  @CsvSource({
    "a, 1",
  })
  void reads(String in, int out) {
    assertEquals(out, Cart.read(in));
  }
}
`;

function codes(after: number, ...added: string[]) {
  const lines = BASE.split('\n');
  lines.splice(after, 0, ...added);
  return findJavaTampering({
    path: 'src/test/java/shop/CartTest.java',
    existing: true,
    oldText: BASE,
    newText: lines.join('\n'),
    added: new Set(added.map((_, index) => after + 1 + index)),
  }).map(({ code }) => code);
}

it('lets new cases, nested classes with their own set-up, rows, imports and comments be added', () => {
  expect(
    codes(11, '', '  @Test', '  @Tag("cart")', '  void addsNothing() {', '    assertEquals(0, cart.add());', '  }'),
  ).toEqual([]);
  expect(
    codes(
      19,
      '  @Nested',
      '  class Empty {',
      '    @BeforeEach',
      '    void clear() {',
      '      cart.clear();',
      '    }',
      '  }',
    ),
  ).toEqual([]);
  expect(codes(15, '    "b, 2",')).toEqual([]);
  expect(codes(2, 'import java.util.List;')).toEqual([]);
  expect(codes(9, '    // why')).toEqual([]);
});

it.each([
  ['a return in an existing case', 9, '    if (cart == null) return;', 'case_changed'],
  ['a mark over an existing case', 7, '  @Disabled("later")', 'marker'],
  ['a mark by its whole name', 7, '  @org.junit.Ignore', 'marker'],
  ['a condition over an existing case', 7, '  @EnabledIfEnvironmentVariable(named = "X", matches = "1")', 'marker'],
  ['an assumption', 9, '    assumeTrue(false);', 'marker'],
  ['another annotation over an existing case', 7, '  @Timeout(600)', 'case_changed'],
  ['set-up around existing cases', 11, '  @BeforeEach void fake() { Cart.fake(); }', 'shared_setup'],
  ['a static block', 11, '  static { Cart.fake(); }', 'shared_setup'],
  ['an exit', 11, '  @Test void ends() { System.exit(0); }', 'test_exit'],
])('finds %s', (_, after, line, code) => {
  expect(codes(after, line)).toContain(code);
});
