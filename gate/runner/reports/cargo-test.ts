/**
 * `cargo test` has no stable machine report, so libtest's text is read strictly: cargo names each test program on stderr,
 * which tests do not write to unless they get around libtest; each program prints how many cases it runs, a line for
 * each, and its totals. Where these three do not agree nothing is counted.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { relativeTo } from '../../../events/relative-to.ts';
import { CaseList, type Report, type Reporter, type ReportSource } from './report.ts';

export const cargoTestReporter: Reporter = {
  request: async () => ({ args: [], env: {} }),
  read: async (source) => readText(source),
};

const PROGRAM = /^\s+(?:Running (?:unittests )?(?<path>\S+) \((?<binary>[^)]+)\)|Doc-tests (?<crate>\S+))$/;
const BEGIN = /^running (\d+) tests?$/;
const RESULT = /^test (?<name>.+?)(?: - should panic)? \.\.\. (?<status>ok|FAILED|ignored)(?:, .*)?$/;
const TOTAL = /^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; /;
const STATUS = { ok: 'passed', FAILED: 'failed', ignored: 'skipped' } as const;

interface Program {
  title: string;
  /** Relative to its package. */
  path: string | undefined;
}

interface Block {
  cases: { name: string; status: 'passed' | 'failed' | 'skipped' }[];
  failures: Map<string, string>;
  /** It printed its totals, and they are those of its cases. */
  complete: boolean;
}

function readText(source: ReportSource): Report {
  const programs = stripVTControlCharacters(source.stderr).split('\n').flatMap(readProgram);
  const blocks = readBlocks(stripVTControlCharacters(source.stdout).split('\n'));
  if (programs.length === 0) {
    const error = /^error(?:\[E\d+\])?: .*(?:\n +--> .*)?/m.exec(stripVTControlCharacters(source.stderr))?.[0];
    if (source.exit === 0) return uncounted('cargo named no test program.');
    const told = (error ?? 'no reason').replace(/\n\s*/, ' ');
    const code = /could not compile/.test(source.stderr) ? 'load_error' : 'runner_failed';
    return { counted: false, code, message: `cargo ended before any test, and said: ${told.slice(0, 300)}` };
  }
  if (blocks.length > programs.length || (blocks.length < programs.length && source.exit === 0))
    return uncounted(`cargo ran ${programs.length} test programs, but ${blocks.length} told their cases.`);
  const list = new CaseList();
  for (const [index, { cases, failures }] of blocks.entries()) {
    const { title, path } = programs[index] as Program;
    for (const { name, status } of cases) {
      const file = sourceFile(source, path ?? name.replace(/ - .*$/, ''));
      list.addCase({
        name: `${title} > ${name}`,
        ...(file === undefined ? {} : { file }),
        status,
        ...(status === 'failed' ? { failure: failures.get(name) ?? 'It told no reason.' } : {}),
      });
    }
  }
  const broken = blocks.findIndex(({ complete }) => !complete);
  if (broken >= 0 && source.exit === 0)
    return uncounted(`The lines of ${programs[broken]?.title} do not add up to its totals.`);
  const last = broken >= 0 ? broken : blocks.length < programs.length ? blocks.length : -1;
  const brokeOff = last < 0 ? {} : { brokeOff: `${programs[last]?.title} ended before its totals.` };
  return { counted: true, cases: list.cases, loadErrors: [], ...brokeOff };
}

function uncounted(message: string): Report {
  return { counted: false, code: 'uncounted', message };
}

/** `unittests src/lib.rs (target/debug/deps/shop_core-a2acd77eb84b0ec6)` → `shop_core src/lib.rs` */
function readProgram(line: string): Program[] {
  const { path, binary, crate } = PROGRAM.exec(line)?.groups ?? {};
  if (crate !== undefined) return [{ title: `${crate} doc`, path: undefined }];
  if (path === undefined || binary === undefined) return [];
  const name = (binary.split(/[/\\]/).at(-1) ?? '').replace(/-[0-9a-f]{16}(?:\.exe)?$/, '');
  return [{ title: `${name} ${path}`, path: path.replaceAll('\\', '/') }];
}

/**
 * As many result lines as a program announced belong to it, then everything up to totals that agree with them: the
 * output of failed cases stands between, and may look like results.
 */
function readBlocks(lines: string[]): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const begin = BEGIN.exec(lines[at++] ?? '');
    if (!begin) continue;
    const block: Block = { cases: [], failures: new Map(), complete: false };
    blocks.push(block);
    while (block.cases.length < Number(begin[1]) && at < lines.length) {
      const { name, status } = RESULT.exec(lines[at++] ?? '')?.groups ?? {};
      if (name !== undefined) block.cases.push({ name, status: STATUS[status as keyof typeof STATUS] });
    }
    const end = lines.findIndex((line, index) => index >= at && isTotalOf(block, line));
    block.complete = end >= 0;
    block.failures = readFailures(lines.slice(at, end < 0 ? undefined : end), block);
    at = end < 0 ? lines.length : end + 1;
  }
  return blocks;
}

function isTotalOf({ cases }: Block, line: string): boolean {
  const total = TOTAL.exec(line);
  if (!total) return false;
  const count = (status: string) => cases.filter((one) => one.status === status).length;
  return ['passed', 'failed', 'skipped'].every((status, index) => Number(total[index + 1]) === count(status));
}

/** `---- tests::throws stdout ----` and what follows, for each failed case. */
function readFailures(lines: string[], { cases }: Block): Map<string, string> {
  const failed = new Set(cases.filter(({ status }) => status === 'failed').map(({ name }) => name));
  const failures = new Map<string, string>();
  let current: string | undefined;
  for (const line of lines) {
    const name = /^---- (.+) stdout ----$/.exec(line)?.[1];
    if (name !== undefined && failed.has(name) && !failures.has(name)) {
      current = name;
      failures.set(name, '');
    } else if (line === 'failures:') current = undefined;
    else if (current !== undefined) failures.set(current, `${failures.get(current)}${line}\n`);
  }
  return new Map([...failures].map(([name, text]) => [name, text.trim()]));
}

/** Paths are told relative to their package, which in a workspace is not known: only one that is there is told. */
function sourceFile({ start, checkout }: ReportSource, path: string): string | undefined {
  return existsSync(join(start, path)) ? relativeTo(checkout, join(start, path)) : undefined;
}
