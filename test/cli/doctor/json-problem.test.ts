import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonProblem } from '../../../cli/doctor/json-problem.ts';

describe('jsonProblem', () => {
  it.each([
    ['{\n  "a": 1,\n}', 3, 1],
    ['{\n  "a": tru,\n  "b": 2\n}', 2, 11],
    ['{ "a": 1', 1, 9],
    ['', 1, 1],
    ['{ "a": 1 }\n{', 2, 1],
    ['{ // no\n}', 1, 3],
    ["{ 'a': 1 }", 1, 3],
  ])('finds the place in %j', (text, line, column) => {
    expect(jsonProblem(text)).toMatchObject({ line, column });
  });

  it('repeats nothing of the file', () => {
    expect(jsonProblem('{ "token": secret-word }')?.message).not.toContain('secret');
  });

  it('finds nothing in what is whole, and a place inside of whatever is cut off', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        expect(jsonProblem(text)).toBeUndefined();
        const cut = `{"x":${text}`.slice(0, 1 + (at % (text.length + 5)));
        const problem = jsonProblem(cut);
        expect(problem?.line).toBeGreaterThanOrEqual(1);
        expect(problem?.column).toBeLessThanOrEqual(cut.length + 1);
      }),
    );
  });
});
