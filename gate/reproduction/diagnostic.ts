/**
 * The reason of a red `kind: check` run (lint, type check, build, dependency install): the failed step is the
 * reproduction, so its own diagnostics must tell the incident's message. Tools print these, not tests.
 */
import { maskText } from '../../events/mask.ts';
import type { CheckRun } from '../check-run.ts';
import { foreignLine } from '../foreign-line.ts';
import type { Reason, ReasonContext } from './reason.ts';

export function redForDiagnostic(run: CheckRun, { event }: Pick<ReasonContext, 'event'>): Reason {
  const not = (why: string): Reason => ({ ok: false, code: 'red_for_other_reason', why });
  if (run.status !== 'failed') return not(run.reason?.message ?? 'The check was not red.');
  const wanted = comparable(event.message);
  const red = (weak: boolean, how: string): Reason => ({ ok: true, weak, how, testCase: run.command });
  const inFile = run.diagnostics.filter(({ file }) => event.file === undefined || file === event.file);
  const same = inFile.find(({ message, code }) => {
    const said = comparable(code === undefined ? message : `${code} ${message}`);
    return wanted !== '' && (said.includes(wanted) || wanted.includes(comparable(message)));
  });
  if (same)
    return red(false, `The check reports the incident's message at ${same.file}${same.line ? `:${same.line}` : ''}.`);
  if (wanted !== '' && run.output.split('\n').some((line) => comparable(line).includes(wanted)))
    return red(false, "The check's output holds the incident's message.");
  const [first] = inFile;
  if (first && event.file !== undefined)
    return red(true, `The check fails in ${first.file}, with another message: "${foreignLine(first.message)}".`);
  const said = run.diagnostics[0]?.message ?? run.tail.slice(-200);
  return not(`The check says "${foreignLine(said)}". The incident is "${foreignLine(event.message)}".`);
}

function comparable(text: string): string {
  return maskText(foreignLine(text, 1000)).replace(/\s+/g, ' ').trim();
}
