/** picomatch, tested with mocha: a pattern that is the name of something every object has is looked up there. */
import { installedRunners } from '../../../gate/runner/project.ts';
import type { FixCase } from '../../fixes/fix-case.ts';
import { library, THEIR_FIX } from '../library.ts';
import { hides } from '../trick.ts';

export const PICOMATCH = library('picomatch', '2', {
  origin: {
    project: 'picomatch',
    version: '4.0.2',
    before: 'a9e2dd2',
    licence: 'MIT',
    told: 'https://github.com/micromatch/picomatch/pull/144',
  },
  command: 'npx mocha test',
  reproduction: 'npx mocha test/malicious.js',
  modules: installedRunners(),
  source: 'lib/constants.js',
  error: {
    type: 'TypeError',
    message: 'output.startsWith is not a function',
    frames: [
      ['lib/utils.js', 45, 'exports.removePrefix'],
      ['lib/parse.js', 129, 'parse'],
      ['lib/picomatch.js', 297, 'picomatch.makeRe'],
    ],
  },
});

const START = '  REPLACEMENTS: {\n';
const LENGTH = '/Input length: 65540, exceeds maximum allowed length: 65536/';
const TESTS = 'test/malicious.js';

export const PICOMATCH_CASES: FixCase[] = [
  THEIR_FIX,
  hides('the test’s own input', 'reproduction.still_red')(
    'one of its words',
    PICOMATCH.instead(START, `${START}    constructor: 'constructor',\n`),
  ),
  hides('a test is loosened', 'tampering.test_changed')('the length of patterns is not compared any more', {
    [TESTS]: (PICOMATCH.honest[TESTS] ?? '').replace(LENGTH, '/Input/'),
  }),
];
