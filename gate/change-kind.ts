/**
 * What a changed file is to the gate. The kind decides on which side of the four trees a change stands, what counts
 * against the size limits, and who looks at it for tampering.
 */
import { matches } from '../context/path-rules.ts';
import { isTestConfiguration } from './test-configuration.ts';

/**
 * - `source`: the code itself, and everything that is nothing else
 * - `test`: a file under `tests.paths`
 * - `support`: loaded by the test runner, linter or compiler on its own, so that it can change what other tests do
 * - `context`: an entry of `.self-healing/`
 */
export type ChangeKind = 'source' | 'test' | 'context' | 'support';

export type Classify = (path: string) => ChangeKind;

/** `testPaths` are the globs of `tests.paths` in the base's config. */
export function classifier(testPaths: readonly string[]): Classify {
  return (path) => {
    if (path === '.self-healing' || path.startsWith('.self-healing/')) return 'context';
    if (isTestConfiguration(path)) return 'support';
    return matches(testPaths, path) ? 'test' : 'source';
  };
}
