/**
 * ava: its TAP on stdout, where what tests print never goes. A process of a test file that ends badly is told as a line of
 * its own; with more than one file every title begins with its file's short name.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Parser, type Result } from 'tap-parser';
import { stringify } from 'yaml';
import { relativeTo } from '../../../events/relative-to.ts';
import { CaseList, type LoadError, type Report, type Reporter, type ReportSource } from './report.ts';

export const avaReporter: Reporter = {
  request: async () => ({ args: ['--tap'], env: {} }),
  read: async (source) => readAva(source),
};

const ENDED = /^(?<file>\S.*?) exited (?:with a non-zero exit code: \d+|due to \S+)$/;
const EMPTY = /^No tests found in (?<file>\S.*?)(?:, make sure to import .*)?$/;
/** What keeps a file from being read at all; anything else ended it while it ran. */
const NOT_LOADED =
  /SyntaxError|Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND|ERR_UNKNOWN_FILE|does not provide an/;

function readAva(source: ReportSource): Report {
  const results: Result[] = [];
  let plan: number | undefined;
  const parser = new Parser({ strict: false });
  parser.on('assert', (result: Result) => results.push(result));
  parser.on('plan', ({ start, end, comment }: { start: number; end: number; comment: string }) => {
    if (comment !== '' || end >= start || /^1\.\.0/m.test(source.stdout)) plan = Math.max(0, end - start + 1);
  });
  parser.end(stripVTControlCharacters(source.stdout));
  const began = /^TAP version \d/m.test(source.stdout);
  if (!began)
    return { counted: false, code: 'runner_failed', message: `ava printed no TAP (exit code ${source.exit}).` };

  const list = new CaseList();
  const loadErrors: LoadError[] = [];
  const ended: string[] = [];
  for (const [index, result] of results.entries()) {
    const next = results[index + 1];
    // The error that ended a file's process stands before the line that says so.
    if (next && !next.ok && ENDED.test(next.name) && isCrash(result)) continue;
    const file = fileOf(result, source);
    if (file === undefined) {
      const skipped = Boolean(result.skip) || Boolean(result.todo);
      const status = skipped ? 'skipped' : result.ok ? 'passed' : 'failed';
      list.add(undefined, titlesOf(result.name), status, status === 'failed' ? failureText(result) : undefined);
      continue;
    }
    const before = results[index - 1];
    const why = before && isCrash(before) ? failureText(before) : result.name;
    if (EMPTY.test(result.name) || NOT_LOADED.test(why)) loadErrors.push({ file, message: why });
    else {
      list.add(file, ['ended the process'], 'failed', why);
      ended.push(file);
    }
  }
  const planned = /^1\.\.\d/m.test(source.stdout) && plan !== undefined;
  const brokeOff = !planned ? 'ava ended before its plan.' : ended.length > 0 ? `${ended[0]} ended its process.` : null;
  return {
    counted: true,
    cases: list.cases,
    loadErrors,
    ...(brokeOff === null ? {} : { brokeOff }),
    output: outputOf(source),
  };
}

/** What tests print goes to stderr: it is told after the report, as ava itself mixes the two. */
function outputOf({ stdout, stderr }: ReportSource): string {
  return `${stderr}${stdout}`;
}

/** Told by its own stack's first line, not by the title of a test. */
function isCrash({ ok, name, diag }: Result): boolean {
  return !ok && /^(?:\w*(?:Error|Exception)\b|Uncaught|Unhandled)/.test(name) && isRecord(diag);
}

/** The file that such a line is about. A test may have such a title: then no file has this name. */
function fileOf({ ok, name }: Result, { start, checkout }: ReportSource): string | undefined {
  const file = ok ? undefined : (ENDED.exec(name) ?? EMPTY.exec(name))?.groups?.file;
  return file !== undefined && existsSync(join(start, file)) ? relativeTo(checkout, join(start, file)) : undefined;
}

function titlesOf(name: string): string[] {
  return name.split(' › ').map((title) => title.trim());
}

function failureText({ name, diag }: Result): string {
  if (!isRecord(diag)) return name;
  const { at, message, details, ...rest } = diag;
  const thrown = isRecord(details) ? details['Error thrown in test:'] : undefined;
  const [, type, text] = /^(\w+) \{[\s\S]*?message: (['"`][\s\S]*?['"`]),?\n/.exec(String(thrown ?? '')) ?? [];
  const head = type === undefined ? `${rest.name ?? 'Error'}: ${message || name}` : `${type}: ${unquoted(text ?? '')}`;
  const more = isRecord(details) ? Object.entries(details).map(([label, value]) => `${label}\n${told(value)}`) : [];
  const place = typeof at === 'string' ? [...at.split('\n').map((line) => `    at ${line.trim()}`)] : [];
  return [head, ...place, ...more].join('\n');
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(['"`\\])/g, '$1');
}

function told(value: unknown): string {
  return typeof value === 'string' ? value : stringify(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
