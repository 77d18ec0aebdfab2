/** What an honest model has to say and to write about the bugs of the two samples that are installed as real services are. */
import type { Part } from '../../cli/demo/play.ts';

const TIER = '  const tier = TIERS.get(customer.tier) as Tier;\n';

/** The error is thrown in a package of the workspace that the service only reaches through `node_modules`. */
export const SHOP_PART: Part = {
  look: ['git grep -n "TIERS" -- packages', 'cat packages/pricing/src/discounts.ts packages/api/src/carts.ts'],
  diagnosis: {
    root_cause:
      'discountFor (packages/pricing/src/discounts.ts:23) reads from of a tier that is not in the list of tiers.',
    failure_type: 'runtime_error',
    affected_files: ['packages/pricing/src/discounts.ts'],
    confidence: 0.9,
    reasoning:
      'Customer c-3 has the tier partner, which TIERS does not hold; the cast hides that from the type checker.',
  },
  tests: [
    {
      file: 'packages/api/test/unknown-tier.test.ts',
      text: `import { expect, it } from 'vitest';
import { handle } from '../src/routes.js';

it('a customer of a tier without a discount rule is answered 422', () => {
  expect(handle('GET', new URL('http://shop/carts/k-3/total')).status).toBe(422);
});
`,
    },
  ],
  scenario: {
    id: 'S101',
    module: 'tiers',
    name: 'a customer of a tier without a discount rule is answered 422',
    kind: 'test',
    input: { cart: 'k-3' },
    expected: { status: 422 },
    why: 'a cart is never sold at a guessed price',
    constraint: 'no tier counts as basic by default',
    tags: ['money'],
    test_command: 'npm test -w packages/api -- test/unknown-tier.test.ts',
  },
  edits: [
    {
      file: 'packages/pricing/src/discounts.ts',
      find: TIER,
      put: `  const tier = TIERS.get(customer.tier);
  if (tier === undefined) throw new PricingError(\`no discount rule for tier \${customer.tier}\`);
`,
    },
  ],
  lesson: {
    error: "TypeError: Cannot read properties of undefined (reading 'from')",
    files: ['packages/pricing/src/discounts.ts'],
    root_cause: 'a cast said that every tier has a rule',
    fix: 'discountFor raises PricingError for a tier without a rule',
    lesson: 'what is looked up by a value from outside may not be there',
  },
  title: 'Answer 422 for a tier without a discount rule',
  summary: 'discountFor now raises PricingError when the tier of the customer has no rule.',
};

const ZONE = '    zone = find_zone(country)\n';
const WEIGHTS = 'from parcels.weights import read_grams\n';

/** The package is installed as editable: an absolute path in the virtual environment leads to it. */
export const PARCELS_PART: Part = {
  look: ['git grep -n find_zone -- src', 'cat src/parcels/rates.py src/parcels/zones.py'],
  diagnosis: {
    root_cause: 'rate (src/parcels/rates.py:14) reads base_cents of None for a country that is not served.',
    failure_type: 'runtime_error',
    affected_files: ['src/parcels/rates.py'],
    confidence: 0.9,
    reasoning: 'find_zone answers None for such a country, as its docstring says; rate does not expect it.',
  },
  tests: [
    {
      file: 'tests/test_unserved_country.py',
      text: `from parcels.routes import handle


def test_a_country_that_is_not_served_is_not_found():
    assert handle("GET", "/rates/NO/1200")[0] == 404
`,
    },
  ],
  scenario: {
    id: 'S101',
    module: 'countries',
    name: 'a country that is not served is not found',
    kind: 'test',
    input: { country: 'NO' },
    expected: { status: 404 },
    why: 'the shop hides countries that answer 404',
    constraint: 'no default zone',
    tags: ['rates'],
    test_command: '.venv/bin/python -m pytest tests/test_unserved_country.py',
  },
  edits: [
    { file: 'src/parcels/rates.py', find: WEIGHTS, put: `from parcels.errors import NotFound\n${WEIGHTS}` },
    {
      file: 'src/parcels/rates.py',
      find: ZONE,
      put: `${ZONE}    if zone is None:\n        raise NotFound(f"no parcels to {country}")\n`,
    },
  ],
  lesson: {
    error: "AttributeError: 'NoneType' object has no attribute 'base_cents'",
    files: ['src/parcels/rates.py'],
    root_cause: 'rate did not expect a country without a zone',
    fix: 'rate raises NotFound',
    lesson: 'whoever asks find_zone handles None',
  },
  title: 'Answer 404 for a country that is not served',
  summary: 'rate now raises NotFound when the country has no zone.',
};
