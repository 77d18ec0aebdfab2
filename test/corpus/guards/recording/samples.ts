/** The small repositories that runs are recorded in: one for Node, one for Python. */

export const NODE_APP = {
  'package.json': '{ "name": "app", "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/total.js': `/** In cents, with the discount of the best voucher. */
export function total(lines, vouchers = []) {
  const sum = lines.reduce((all, line) => all + line.cents * line.count, 0);
  return sum - Math.floor((sum * best(vouchers)) / 100);
}

function best(vouchers) {
  return vouchers.reduce((most, voucher) => (voucher.percent < most ? most : voucher.percent), 0);
}
`,
  'src/format.js': "export function format(cents) {\n  return (cents / 100).toFixed(2) + ' EUR';\n}\n",
  'test/total.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../src/format.js';
import { total } from '../src/total.js';

const lines = [{ cents: 1999, count: 3 }];

test('without a voucher', () => assert.equal(total(lines), 5997));
test('rounds the discount to the nearest cent', () => assert.equal(total(lines, [{ percent: 15 }]), 5097));
test('formats thousands', () => assert.equal(format(123_456), '1,234.56 EUR'));
`,
};

export const PYTHON_APP = {
  'stock/__init__.py': '',
  'stock/levels.py': `"""How much of what is there."""


class Levels:
    def __init__(self, counts):
        self.counts = dict(counts)

    def take(self, sku, count):
        self.counts[sku] -= count
        return self.counts[sku]

    def put(self, sku, count):
        self.counts[sku] += count

    def low(self, limit=3):
        return [sku for sku, count in self.counts.items() if count < limit]
`,
  'tests/test_levels.py': `import pytest

from stock.levels import Levels


def test_take():
    assert Levels({"a": 5}).take("a", 2) == 3


def test_never_below_zero():
    with pytest.raises(ValueError):
        Levels({"a": 1}).take("a", 2)


def test_put_of_something_new():
    levels = Levels({})
    levels.put("b", 2)
    assert levels.counts == {"b": 2}


def test_low_is_sorted():
    assert Levels({"b": 1, "a": 0}).low() == ["a", "b"]
`,
};
