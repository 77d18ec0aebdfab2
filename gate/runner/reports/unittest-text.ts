/**
 * The verbose text of Python's unittest, for runs that do not load our recorder: one line per case, the tracebacks after
 * them, and its own total, which must agree with what was counted. Files are not told.
 */
import { CaseList, type LoadError, type Report, type ReportSource } from './report.ts';

const CASE =
  /^(\w+) \(([\w.]+)\)(?:\n[^\n]*)?? \.\.\. (?:[^\n]*?)(ok|FAIL|ERROR|skipped [^\n]*|expected failure|unexpected success)$/gm;
const PROBLEM =
  /^(?:FAIL|ERROR): (\w+) \(([\w.]+)\)[^\n]*\n(?:[^\n]*\n)?-{70}\n([\s\S]*?)(?=\n={70}\n|\n-{70}\nRan )/gm;

export function readUnittestText({ output }: ReportSource): Report {
  const total = [...output.matchAll(/^Ran (\d+) tests? in /gm)].at(-1);
  if (!total) return { counted: false, code: 'runner_failed', message: 'unittest ended before its summary.' };
  const failures = new Map<string, string>();
  for (const [, name = '', place = '', text = ''] of output.matchAll(PROBLEM))
    failures.set(id(name, place), text.trimEnd());
  const list = new CaseList();
  const loadErrors: LoadError[] = [];
  let counted = 0;
  for (const [, name = '', place = '', outcome = ''] of output.matchAll(CASE)) {
    counted++;
    const failure = failures.get(id(name, place)) ?? '';
    if (place.startsWith('unittest.loader.')) loadErrors.push({ message: failure });
    else if (outcome === 'FAIL' || outcome === 'ERROR' || outcome === 'unexpected success')
      list.add(undefined, [id(name, place)], 'failed', failure || outcome);
    else list.add(undefined, [id(name, place)], outcome === 'ok' ? 'passed' : 'skipped');
  }
  if (counted !== Number(total[1])) {
    const message = `unittest ran ${total[1]} cases, but ${counted} could be told apart in its output.`;
    return { counted: false, code: 'uncounted', message };
  }
  return { counted: true, cases: list.cases, loadErrors };
}

/** Newer versions repeat the name in the place: `test_a (tests.test_x.Case.test_a)`. */
function id(name: string, place: string): string {
  return place.endsWith(`.${name}`) ? place : `${place}.${name}`;
}
