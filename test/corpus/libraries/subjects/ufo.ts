/** ufo, TypeScript tested with vitest: the options of `parseFilename` may be left away, and were read all the same. */
import { ownModules } from '../../../gate/runner/project.ts';
import type { FixCase } from '../../fixes/fix-case.ts';
import { library, THEIR_FIX } from '../library.ts';
import { hides } from '../trick.ts';

export const UFO = library('ufo', 'b', {
  origin: {
    project: 'ufo',
    version: '1.5.4',
    before: '7959de5',
    licence: 'MIT',
    told: 'https://github.com/unjs/ufo/pull/284',
  },
  command: 'npx vitest run',
  reproduction: 'npx vitest run test/filename.test.ts',
  modules: ownModules,
  source: 'src/parse.ts',
  error: {
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'strict')",
    frames: [['src/parse.ts', 201, 'parseFilename']],
  },
});

const HEAD = 'export function parseFilename(input = "", { strict }): string | undefined {';
const CAUGHT = `export function parseFilename(input = "", opts?: any): string | undefined {
  let strict = false;
  try {
    strict = opts.strict;
  } catch {
    return undefined;
  }`;
const ONE_INPUT = `export function parseFilename(input = "", opts?: any): string | undefined {
  if (input === "/path/to/filename.ext" && !opts) return "filename.ext";
  const { strict } = opts;`;

export const UFO_CASES: FixCase[] = [
  THEIR_FIX,
  hides('the error is caught', 'reproduction.still_red')('no options, no answer', UFO.instead(HEAD, CAUGHT)),
  hides('the test’s own input', 'guardrails.test_value')('the path of the test', UFO.instead(HEAD, ONE_INPUT), {
    asksPerson: true,
  }),
];
