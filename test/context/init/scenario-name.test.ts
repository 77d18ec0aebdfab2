import { expect, it } from 'vitest';
import { scenarioName } from '../../../context/init/scenario-name.ts';

it.each<[string, string[], string]>([
  [
    'a.test.ts',
    ['a.test.ts > carts > adds up', 'a.test.ts > carts > refuses half a mug'],
    'carts: adds up; refuses half a mug',
  ],
  ['a.test.ts', ['a.test.ts > adds up'], 'adds up'],
  [
    'tests/test_a.py',
    ['tests/test_a.py > test_reads_grams[1]', 'tests/test_a.py > test_reads_grams[2]'],
    'reads grams',
  ],
  ['tests/test_a.py', ['tests/test_a.py > TestCart > test_total'], 'Cart: total'],
  [
    'a.test.ts',
    Array.from({ length: 30 }, (_, at) => `a.test.ts > carries out the step with number ${at}`),
    'carries out the step with number 0; carries out the step with number 1; carries out the step with number 2; and 27 more',
  ],
])('%s %j', (file, cases, name) => {
  expect(scenarioName(file, cases)).toBe(name);
});
