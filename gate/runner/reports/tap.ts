/**
 * TAP on stdout: tape, and every script that prints it. An assertion is a case, named by the test it stands in. An
 * exception ends a tape process on the spot: the test that was running then is a failed case with that exception, and
 * the run broke off.
 */
import { Parser, type Result } from 'tap-parser';
import { stringify } from 'yaml';
import { CaseList, type Report, type Reporter, type ReportSource } from './report.ts';

export const tapReporter: Reporter = {
  request: async () => ({ args: [], env: {} }),
  read: async (source) => readTap(source),
};

interface TapRun {
  list: CaseList;
  /** Title of the test that was running when the stream ended. */
  current: string | null;
  planned: boolean;
  bailed: string | null;
}

function readTap(source: ReportSource): Report {
  const run: TapRun = {
    list: new CaseList(),
    current: null, // The parser makes up a plan where none was printed.
    planned: /^1\.\.\d/m.test(source.stdout),
    bailed: null,
  };
  const parser = new Parser({ strict: false });
  follow(parser, [], run);
  parser.end(source.stdout);
  if (!/^\s*(?:TAP version \d|ok\b|not ok\b|1\.\.\d)/m.test(source.stdout))
    return { counted: false, code: 'uncounted', message: 'It printed no TAP, and its runner is not known.' };
  const started = run.list.cases.length > 0 || run.current !== null;
  if (!started && !run.planned)
    return /^TAP version \d+/m.test(source.stdout) && source.exit !== 0
      ? { counted: false, code: 'load_error', message: 'The process ended before its first test.' }
      : { counted: false, code: 'uncounted', message: 'It printed no TAP, and its runner is not known.' };
  if (run.planned && run.bailed === null) return { counted: true, cases: run.list.cases, loadErrors: [] };
  const title = run.current ?? 'the run';
  const thrown = run.bailed ?? thrownText(source.output);
  run.list.add(undefined, [title, 'ended the process'], 'failed', thrown);
  return { counted: true, cases: run.list.cases, loadErrors: [], brokeOff: `"${title}" ended the process.` };
}

function follow(parser: Parser, titles: string[], run: TapRun): void {
  const title = () => (titles.length > 0 ? titles : run.current === null ? [] : [run.current]);
  parser.on('comment', (comment: string) => {
    const text = comment.replace(/^#\s*/, '').trim();
    if (/^(?:tests|pass|fail|ok|skip|todo|time=)\s*\d*/.test(text) && run.planned) return;
    if (/^test count\(\d+\) != plan\(/.test(text)) return; // the parser's own remark
    if (text !== '' && !text.startsWith('Subtest')) run.current = text;
  });
  parser.on('bailout', (reason: string) => {
    run.bailed = `Bail out! ${reason}`;
  });
  parser.on('child', (child: Parser) => follow(child, [...titles, child.name], run));
  parser.on('assert', (result: Result) => {
    const own = result.name === '' ? '(no message)' : result.name;
    const skipped = Boolean(result.skip) || Boolean(result.todo);
    const status = skipped ? 'skipped' : result.ok ? 'passed' : 'failed';
    run.list.add(undefined, [...title(), own], status, status === 'failed' ? failureText(result) : undefined);
  });
}

function failureText(result: Result): string {
  const diagnostics: unknown = result.diag;
  if (diagnostics === null || typeof diagnostics !== 'object') return result.name;
  const { stack, ...rest } = diagnostics as Record<string, unknown>;
  return `${result.name}\n${stringify(rest)}${typeof stack === 'string' ? stack : ''}`;
}

/** What Node prints for an uncaught exception, from the line that names the error to the end of its stack. */
function thrownText(output: string): string {
  const found = /^(?:[\w.$]*(?:Error|Exception|Warning)\b.*|Uncaught .*)(?:\n(?!\s*at ).*){0,5}(?:\n\s+at .*)+/m.exec(
    output,
  );
  return found ? found[0] : output.slice(-2000);
}
