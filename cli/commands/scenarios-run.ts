import { z } from 'zod';
import type { ScenarioResult, ScenarioStatus } from '../../gate/run-scenarios.ts';
import { runScenarios } from '../../healer/fixes/run-scenarios.ts';
import { withBench } from '../bench.ts';
import { type Call, command, JSON_OPTION } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type JUnitCase, junit } from '../formats/junit.ts';
import type { Style } from '../output.ts';
import { repositoryPaths } from '../repository-paths.ts';

const BAD: readonly ScenarioStatus[] = ['failed', 'timed_out', 'error'];
const STYLES: Record<ScenarioStatus, Style> = {
  passed: 'green',
  failed: 'red',
  timed_out: 'red',
  error: 'red',
  already_failing: 'yellow',
  flaky: 'yellow',
  unproven: 'dim',
};
/** Lines of output shown below a scenario that is red. */
const TAIL_LINES = 15;

export const scenariosRunCommand = command({
  name: 'scenarios run',
  summary: 'run scenarios on the working copy and count their cases',
  options: [
    ['--all', 'all of them and the whole test command (the default)'],
    ['--file <file...>', 'those about these files'],
    ['--tag <tag...>', 'those with one of these tags'],
    ['--id <id...>', 'those with these ids; S000 is the whole test command'],
    JSON_OPTION,
    ['--junit', 'print JUnit XML'],
  ],
  input: z
    .object({
      all: z.boolean().default(false),
      file: z.array(z.string()).optional(),
      tag: z.array(z.string()).optional(),
      id: z.array(z.string()).optional(),
      junit: z.boolean().default(false),
    })
    .refine(({ all, file, tag, id }) => !all || !(file || tag || id), '--all goes with no other choice'),
  run: (input, call) =>
    withBench(call, async (bench) => {
      const files = input.file && (await repositoryPaths(call.cwd, input.file));
      const result = await runScenarios(bench, {
        ids: input.id,
        tags: input.tag,
        files,
        at: 'worktree',
        signal: call.signal,
        onProgress: (line) => (input.junit ? call.warn : call.pass)(call.paint('dim', `  ${line}`)),
      });
      const text = input.junit
        ? junit([{ name: 'scenarios', cases: result.scenarios.map(caseOf) }])
        : result.scenarios.map((one) => tell(one, call)).join('\n') || 'No scenario was chosen.';
      const red = result.scenarios.some(({ status }) => BAD.includes(status));
      return { value: result, text, exit: red ? EXIT.findings : EXIT.done };
    }),
});

function caseOf({ id, status, seconds, tail }: ScenarioResult): JUnitCase {
  if (BAD.includes(status)) return { name: id, seconds, failure: `${status}\n${tail}` };
  return status === 'passed' ? { name: id, seconds } : { name: id, seconds, skipped: status };
}

function tell({ id, status, seconds, counts, tail }: ScenarioResult, { paint }: Call): string {
  const { passed, failed, skipped } = counts;
  const cases = passed + failed + skipped > 0 ? `  ${passed} passed, ${failed} failed, ${skipped} skipped` : '';
  const head = `${id}  ${paint(STYLES[status], status.replaceAll('_', ' '))}${cases}  ${seconds.toFixed(1)} s`;
  if (status === 'passed' || tail.trim() === '') return head;
  const lines = tail.trimEnd().split('\n').slice(-TAIL_LINES);
  return [head, ...lines.map((line) => `    | ${line}`)].join('\n');
}
