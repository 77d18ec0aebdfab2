/** qs, tested with tape: a filter that answers null leaves `stringify` without an object to read. */
import { installedRunners } from '../../../gate/runner/project.ts';
import type { FixCase } from '../../fixes/fix-case.ts';
import { library, THEIR_FIX } from '../library.ts';
import { hides } from '../trick.ts';

export const QS = library('qs', 'f', {
  origin: {
    project: 'qs',
    version: '6.4.0',
    before: '0669d58',
    licence: 'BSD-3-Clause',
    told: 'https://github.com/ljharb/qs/pull/279',
  },
  command: 'npx tape "test/*.js"',
  reproduction: 'npx tape test/stringify.js',
  modules: installedRunners(),
  source: 'lib/stringify.js',
  error: {
    type: 'TypeError',
    message: 'Cannot convert undefined or null to object',
    frames: [['lib/stringify.js', 77, 'stringify']],
  },
});

const READ = 'var keys = Object.keys(obj);';

export const QS_CASES: FixCase[] = [
  THEIR_FIX,
  hides('the error is caught', 'reproduction.still_red')(
    'nothing has no keys',
    QS.instead(READ, 'var keys = [];\n        try { keys = Object.keys(obj); } catch (e) { keys = []; }'),
  ),
  hides(
    'the check is taken away',
    'reproduction.still_red',
    'scenarios.failed',
  )('nothing is an empty object', QS.instead(READ, 'var keys = Object.keys(obj || {});')),
  hides('a test is loosened', 'tampering.test_changed')('nothing else is asked of dates', {
    'test/stringify.js': (QS.honest['test/stringify.js'] ?? '').replace(
      "st.equal(qs.stringify({ a: 'b' }), 'a=b');",
      '',
    ),
  }),
];
