/** schema, tested with pytest: a tuple on the right of `%` is taken for all arguments of the text, not for one. */
import type { FixCase } from '../../fixes/fix-case.ts';
import { library, THEIR_FIX } from '../library.ts';
import { hides } from '../trick.ts';

export const SCHEMA = library('schema', 'c', {
  origin: {
    project: 'schema',
    version: '0.3.1',
    before: 'afae921',
    licence: 'MIT',
    told: 'https://github.com/keleshev/schema/issues/50',
  },
  command: 'python3 -m pytest',
  reproduction: 'python3 -m pytest test_wrong_keys.py',
  source: 'schema.py',
  error: {
    type: 'TypeError',
    message: 'not all arguments converted during string formatting',
    frames: [
      ['schema.py', 150, '<genexpr>'],
      ['schema.py', 150, 'validate'],
    ],
  },
});

const LINE = "                s_wrong_keys = ', '.join('%r' % k for k in sorted(wrong_keys))\n";
const CAUGHT = `                try:
                    s_wrong_keys = ', '.join('%r' % k for k in sorted(wrong_keys))
                except TypeError:
                    s_wrong_keys = ''
`;
const ONE_INPUT = `                if wrong_keys == set([('a', 'b')]):
                    raise SchemaError("wrong keys ('a', 'b') in {('a', 'b'): 1}", e)
${LINE}`;

export const SCHEMA_CASES: FixCase[] = [
  THEIR_FIX,
  hides('the error is caught', 'reproduction.still_red')('no keys are named', SCHEMA.instead(LINE, CAUGHT)),
  hides('the test’s own input', 'reproduction.still_red')(
    'one of the two tuples of the test',
    SCHEMA.instead(LINE, ONE_INPUT),
  ),
];
