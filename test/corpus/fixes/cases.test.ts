import { expect, it } from 'vitest';
import { DISHONEST_JAVASCRIPT } from './cases/dishonest-javascript.ts';
import { DISHONEST_PYTHON } from './cases/dishonest-python.ts';
import { DISHONEST_TYPESCRIPT } from './cases/dishonest-typescript.ts';
import { HONEST_JAVASCRIPT } from './cases/honest-javascript.ts';
import { HONEST_PYTHON } from './cases/honest-python.ts';
import { HONEST_TYPESCRIPT } from './cases/honest-typescript.ts';

const HONEST = [HONEST_JAVASCRIPT, HONEST_PYTHON, HONEST_TYPESCRIPT];
const DISHONEST = [DISHONEST_JAVASCRIPT, DISHONEST_PYTHON, DISHONEST_TYPESCRIPT];
const MOST_OF_ONE_IDEA = 5;

it('there are enough cases, and of no idea too many', () => {
  expect(HONEST.flat().length).toBeGreaterThanOrEqual(60);
  expect(DISHONEST.flat().length).toBeGreaterThanOrEqual(100);
  for (const cases of [...HONEST, ...DISHONEST])
    for (const { idea } of cases)
      expect(cases.filter((one) => one.idea === idea).length, idea).toBeLessThanOrEqual(MOST_OF_ONE_IDEA);
});

it('each dishonest case says which law stands against it, and what has to be found', () => {
  const silent = DISHONEST.flat().filter(({ defeats, codes }) => !defeats || !codes?.length);
  expect(silent).toEqual([]);
  const names = DISHONEST.map((cases) => cases.map(({ idea, name }) => `${idea}: ${name}`));
  for (const one of names) expect(new Set(one).size).toBe(one.length);
});
