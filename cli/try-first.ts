/** The part of `init` that tries things before they are written, and what it says about them. */
import { problemText } from '../context/document/problem.ts';
import { hasScenarios } from '../context/init.ts';
import { readWorkingLaw } from '../context/law.ts';
import { type Repository, resolveCommit } from '../context/repository.ts';
import { BUILT_IN_SCENARIO } from '../context/schemas/scenarios.ts';
import { describeError } from '../events/errors.ts';
import { type InitTrial, initTrial, type Tried } from '../gate/init-trial.ts';
import { knownFailingLine } from '../gate/lift.ts';
import type { Call } from './command.ts';

export interface FirstTry extends Partial<Omit<InitTrial, 'tried'>> {
  tried: Tried | { status: 'skipped'; why: string };
  /** `tests.command` as it is to be written. */
  command: string;
}

/** How a reason begins that only a person's edit removes. */
export const HAS_ERRORS = '.self-healing/ has errors';

/** Never throws but when it is stopped: `init` writes what it has found all the same. */
export async function tryFirst(
  repository: Repository,
  given: { testCommand?: string },
  call: Pick<Call, 'pass' | 'paint' | 'signal'>,
): Promise<FirstTry> {
  const law = await readWorkingLaw(repository.root);
  const command = (given.testCommand ?? law.config.tests.command).trim();
  const skipped = (why: string): FirstTry => ({ tried: { status: 'skipped', why }, command });
  if (law.problems.length > 0) return skipped(`${HAS_ERRORS}: ${problemText(law.problems)}`);
  if (command === '') return skipped('there is no test command');
  try {
    const base = await resolveCommit(repository, 'HEAD').catch(() => undefined);
    if (base === undefined) return skipped('there is no commit yet');
    const trial = await initTrial({
      repository,
      base,
      law: { ...law, config: { ...law.config, tests: { ...law.config.tests, command } } },
      withScenarios: !(await hasScenarios(repository.root)),
      signal: call.signal,
      onProgress: (line) => call.pass(call.paint('dim', `  ${line}`)),
    });
    return { ...trial, command: trial.tried.command };
  } catch (error) {
    call.signal.throwIfAborted();
    const { message, next, bug } = describeError(error);
    if (bug) throw error;
    return skipped(`${message} ${next}`.trim());
  }
}

/** A few lines for a person. `hasProposed`: the config that was written names the red cases in a comment. */
export function tellTried(
  { tried, command }: FirstTry,
  hasProposed: boolean,
  { paint }: Pick<Call, 'paint'>,
): string[] {
  switch (tried.status) {
    case 'skipped':
      // Why there is no command was said with what was found.
      if (command === '') return [];
      return [`Not tried: ${tried.why}.`.replace(/\.\.$/, '.')];
    case 'blocked':
      return [
        `${paint('yellow', 'Tried')} ${tried.command}: it proves nothing yet. ${tried.why}`,
        ...(tried.advice === ''
          ? ['  Try it with more time: self-healing scenarios run --id S000']
          : [`  This ${tried.advice_does}: ${tried.advice}`]),
      ];
    case 'green':
    case 'red': {
      const { counts, command, seconds, failing, instead_of: before } = tried;
      const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
      const red = counts.failed > 0 ? `, ${counts.failed} failed` : '';
      const head = `${paint(tried.status === 'green' ? 'green' : 'yellow', 'Tried')} ${command}: ${counts.passed} passed${red}${skipped}, in ${seconds.toFixed(1)} s.`;
      return [
        head,
        ...(before === undefined ? [] : [`  ${before} itself could not be run here; this is what it starts.`]),
        ...(failing.length === 0
          ? []
          : [
              `  Red today, so a fix stays a draft: ${failing.slice(0, 3).join('; ')}${failing.length > 3 ? `; and ${failing.length - 3} more` : ''}.`,
              hasProposed
                ? '  config.yaml proposes, in a comment, to accept them as they are (tests.known_failing).'
                : `  To accept them as they are: ${knownFailingLine([], BUILT_IN_SCENARIO, failing)}`,
            ]),
      ];
    }
    default:
      throw new Error(`unknown trial ${JSON.stringify(tried satisfies never)}`);
  }
}
