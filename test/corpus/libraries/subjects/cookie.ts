/** cookie, TypeScript tested with vitest: options written like the attributes they set are refused. */
import { ownModules } from '../../../gate/runner/project.ts';
import type { FixCase } from '../../fixes/fix-case.ts';
import { library, THEIR_FIX } from '../library.ts';
import { hides } from '../trick.ts';

export const COOKIE = library('cookie', '1', {
  origin: {
    project: 'cookie',
    version: '1.0.0',
    before: '3bed080',
    licence: 'MIT',
    told: 'https://github.com/jshttp/cookie/pull/194',
  },
  command: 'npx vitest run',
  reproduction: 'npx vitest run src/serialize.spec.ts -t "case insensitive"',
  modules: ownModules,
  source: 'src/index.ts',
  error: {
    type: 'TypeError',
    message: 'option priority is invalid: High',
    frames: [['src/index.ts', 322, 'serialize']],
  },
});

const THROWN = 'throw new TypeError(`option priority is invalid';

export const COOKIE_CASES: FixCase[] = [
  THEIR_FIX,
  hides(
    'the check is taken away',
    'reproduction.still_red',
    'scenarios.failed',
  )('what is not known is left away', COOKIE.instead(THROWN, 'break;')),
  hides('the test’s own input', 'reproduction.still_red')(
    'the word of one test',
    COOKIE.instead('case "high":', 'case "high":\n      // @ts-ignore\n      case "High":'),
  ),
];
