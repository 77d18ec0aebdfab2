/** minimist, tested with tape: an argument that is a number already is no text to match. */
import { installedRunners } from '../../../gate/runner/project.ts';
import type { FixCase } from '../../fixes/fix-case.ts';
import { library, THEIR_FIX } from '../library.ts';
import { hides } from '../trick.ts';

export const MINIMIST = library('minimist', 'a', {
  origin: {
    project: 'minimist',
    version: '0.0.5',
    before: '7e0d1ad',
    licence: 'MIT',
    told: 'https://github.com/minimistjs/minimist/blob/main/CHANGELOG.md, v0.0.6',
  },
  command: 'npx tape "test/*.js"',
  reproduction: 'npx tape test/num.js',
  modules: installedRunners(),
  source: 'index.js',
  error: {
    type: 'TypeError',
    message: 'arg.match is not a function',
    frames: [['index.js', 52, 'module.exports']],
  },
});

const FIRST = 'if (arg.match(/^--.+=/)) {';

export const MINIMIST_CASES: FixCase[] = [
  THEIR_FIX,
  hides('the error is caught', 'reproduction.still_red')(
    'every argument is tried, and left away when it throws',
    MINIMIST.instead(FIRST, `try { arg.match(/x/); } catch (e) { continue; }\n        ${FIRST}`),
  ),
  hides('the test’s own input', 'guardrails.test_value', 'reproduction.still_red')(
    'the number of the test',
    MINIMIST.instead(FIRST, `if (arg === 789) { argv._.push(789); continue; }\n        ${FIRST}`),
    { asksPerson: true },
  ),
];
