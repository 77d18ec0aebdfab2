/** What an honest model has to say and to write about the bugs of the two samples that only the tests use. */
import type { Part } from '../../cli/demo/play.ts';

const PRICE = '  const perSeat = plan.prices[currency];\n';
const MONEY_IMPORT = "import type { Currency, Money } from './money.js';\n";

export const BILLING_PART: Part = {
  look: ['git grep -n "prices\\[" -- src', 'cat src/prices.ts src/plans.ts'],
  diagnosis: {
    root_cause:
      'priceOf (src/prices.ts:7) reads cents of a price that the plan does not have in the currency of the customer.',
    failure_type: 'runtime_error',
    affected_files: ['src/prices.ts'],
    confidence: 0.9,
    reasoning:
      'The plan team has no price in NOK and a Record hides that from the type checker. routes.ts answers BillingError only, so the TypeError becomes a 500.',
  },
  tests: [
    {
      file: 'test/missing-price.test.ts',
      text: `import { expect, it } from 'vitest';
import { handle } from '../src/routes.js';

it('a plan without a price in the currency of the customer is answered 422', () => {
  expect(handle('GET', new URL('http://billing/customers/c-3/invoice?month=2026-02')).status).toBe(422);
});
`,
    },
  ],
  scenario: {
    id: 'S004',
    module: 'invoices',
    name: 'a plan without a price in the currency of the customer is answered 422',
    kind: 'test',
    input: { customer: 'c-3', month: '2026-02' },
    expected: { status: 422 },
    why: 'somebody has to set the price; nobody is billed by guess',
    constraint: 'no conversion and no price of zero',
    tags: ['money'],
    test_command: 'npx vitest run test/missing-price.test.ts',
  },
  edits: [
    { file: 'src/prices.ts', find: MONEY_IMPORT, put: `import { BillingError } from './errors.js';\n${MONEY_IMPORT}` },
    {
      file: 'src/prices.ts',
      find: PRICE,
      put: `${PRICE}  if (perSeat === undefined) throw new BillingError(422, \`plan \${plan.name} has no price in \${currency}\`);\n`,
    },
  ],
  lesson: {
    error: "TypeError: Cannot read properties of undefined (reading 'cents')",
    files: ['src/prices.ts'],
    root_cause: 'a Record says that every currency has a price',
    fix: 'priceOf answers 422 when the plan has no price in the currency',
    lesson: 'what is read from a Record by a key from outside may be undefined',
  },
  title: 'Answer 422 when a plan has no price in a currency',
  summary: 'priceOf now answers 422 when the plan has no price in the currency of the customer.',
};

const LOOKUP = '        found = self._warehouses.get(warehouse).find_bin(sku)\n';
const QUANTITIES_IMPORT = 'from inventory.quantities import read_quantity\n';

export const INVENTORY_PART: Part = {
  look: ['git grep -n find_bin -- inventory', 'cat inventory/stock.py inventory/warehouses.py'],
  diagnosis: {
    root_cause: 'Stock.level (inventory/stock.py:15) reads quantity of None when an article was never stocked there.',
    failure_type: 'runtime_error',
    affected_files: ['inventory/stock.py'],
    confidence: 0.9,
    reasoning: 'Warehouse.find_bin answers None for such an article, as its docstring says; level does not expect it.',
  },
  tests: [
    {
      file: 'tests/test_unknown_article.py',
      text: `from inventory.routes import handle
from inventory.stock import Stock
from inventory.warehouses import Warehouses


def test_an_article_that_was_never_stocked_is_not_found():
    status, _ = handle(Stock(Warehouses(["malmo"])), "GET", "/stock/malmo/bolt")
    assert status == 404
`,
    },
  ],
  scenario: {
    id: 'S004',
    module: 'stock',
    name: 'an article that was never stocked in a warehouse is not found',
    kind: 'test',
    input: { warehouse: 'malmo', sku: 'bolt' },
    expected: { status: 404 },
    why: 'the shop shows such an article as not deliverable from there',
    constraint: 'asking sets up no bin',
    tags: ['stock'],
    test_command: 'python3 -m pytest tests/test_unknown_article.py',
  },
  edits: [
    {
      file: 'inventory/stock.py',
      find: QUANTITIES_IMPORT,
      put: `from inventory.errors import NotFound\n${QUANTITIES_IMPORT}`,
    },
    {
      file: 'inventory/stock.py',
      find: LOOKUP,
      put: `${LOOKUP}        if found is None:\n            raise NotFound(f"no {sku} in {warehouse}")\n`,
    },
  ],
  lesson: {
    error: "AttributeError: 'NoneType' object has no attribute 'quantity'",
    files: ['inventory/stock.py'],
    root_cause: 'level did not expect that there is no bin',
    fix: 'level raises NotFound',
    lesson: 'whoever asks find_bin handles None',
  },
  title: 'Answer 404 for an article that was never stocked',
  summary: 'Stock.level now raises NotFound when the warehouse has no bin for the article.',
};
