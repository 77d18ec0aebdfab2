/** Ways in which people really fix a lookup that may find nothing, in TypeScript. */
import type { Files, FixCase } from '../fix-case.ts';
import { CART_TEST, FIXED, fixedBy, REPRODUCTION, SOURCE, scenarioFile } from '../subjects/cart.ts';

const honest = (idea: string, name: string, files: Files): FixCase => ({ label: 'honest', idea, name, files });
const source = (idea: string, name: string, text: string) => honest(idea, name, { 'src/cart.ts': text });
const REDUCE = '  return lines.reduce(';

export const HONEST_TYPESCRIPT: FixCase[] = [
  source('an expression', 'optional chaining', FIXED),
  source('an expression', 'a default article', fixedBy('(articles[line.article] ?? { cents: 0 }).cents * line.pieces')),
  source(
    'a guard',
    'what is sold is taken',
    SOURCE.replace(REDUCE, '  const sold = lines.filter(({ article }) => articles[article]);\n  return sold.reduce('),
  ),
  source(
    'a guard',
    'a loop',
    SOURCE.replace(
      /return lines[^\n]*\n/,
      'let sum = 0;\n  for (const { article, pieces } of lines) {\n    const found = articles[article];\n    if (found) sum += found.cents * pieces;\n  }\n  return sum;\n',
    ),
  ),
  source(
    'a function of its own',
    'in the same file',
    `${fixedBy('centsOf(articles, line.article) * line.pieces')}\nfunction centsOf(articles: Articles, article: string): number {\n  return articles[article]?.cents ?? 0;\n}\n`,
  ),
  honest('the test', 'in a suite', {
    'test/gone.test.ts': REPRODUCTION.replace('{ expect, it }', '{ describe, expect, it }').replace(
      /it\('leaves[\s\S]*/,
      "describe('what is not sold any more', () => {\n  it('costs nothing', () => {\n    expect(priceOf({}, [{ article: 'screw', pieces: 2 }])).toBe(0);\n  });\n});\n",
    ),
  }),
  honest('the test', 'the result has a name', {
    'test/gone.test.ts': REPRODUCTION.replace('  expect(priceOf(', '  const price = priceOf(').replace(
      ').toBe(0);',
      ';\n  expect(price).toBe(0);',
    ),
  }),
  honest('where the test stands', 'behind those of an existing file', {
    'test/gone.test.ts': null,
    'test/cart.test.ts': `${CART_TEST}\nit('leaves out what is not sold any more', () => {\n  expect(priceOf({}, [{ article: 'screw', pieces: 2 }])).toBe(0);\n});\n`,
    '.self-healing/scenarios/gone.yaml': scenarioFile('npx vitest run test/cart.test.ts'),
  }),
];
