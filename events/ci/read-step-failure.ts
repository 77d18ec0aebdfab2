/**
 * What made a step of a CI fail: which kind of failure, where, and in whose words. One step that fails is one failure: the
 * first that it tells, with the number of the others.
 */
import { MAX_TRACE_LINE } from '../stack/block.ts';
import { parseErrorHead } from '../stack/error-head.ts';
import { parseStacks } from '../stack/stack.ts';
import { readDependencyFailure } from './dependency-failure.ts';
import { readDiagnosed } from './diagnosed.ts';
import { kindByName, type StepFailure } from './step-failure.ts';
import { readTestFailures } from './test-failures.ts';

/** Of longer outputs the end is read: programs say last what failed. */
const MOST = 2_000_000;
/** Nothing but eslint's report in JSON, which is one line, says anything in longer lines. */
const ONE_LINE = '[{"filePath":';

/** `name`: of the step, and what it ran; decides only where the output itself leaves it open. */
export function readStepFailure(output: string, name: string, checkout: string): StepFailure | undefined {
  const text = output
    .slice(-MOST)
    .split('\n')
    .map((line) => (line.startsWith(ONE_LINE) ? line : line.slice(0, MAX_TRACE_LINE)))
    .join('\n');
  const tests = readTestFailures(text);
  const [first] = tests;
  if (first) return { ...first, kind: 'test_failure', others: tests.length - 1 };
  return readDependencyFailure(text) ?? readDiagnosed(text, name, checkout) ?? readCrash(text, name);
}

/** A program that ended with an error of its own, such as a bundler. */
function readCrash(text: string, name: string): StepFailure | undefined {
  const kind = kindByName(name);
  const stacks = parseStacks(text);
  const [stack] = stacks;
  if (stack) {
    const { type, message, frames } = stack;
    return { kind, type, message: message || type, frames, others: stacks.length - 1 };
  }
  const lines = text.split('\n').map((line) => line.trim());
  const head = lines.map(parseErrorHead).find((one) => one !== undefined);
  if (head) return { kind, type: head.type, message: head.message || head.type, frames: [], others: 0 };
  const said = lines.findLast(
    (line) => /\b(?:error|failed|fatal|cannot|could not)\b/i.test(line) && !/^npm /.test(line),
  );
  return said === undefined ? undefined : { kind, type: '', message: said.slice(0, 500), frames: [], others: 0 };
}
