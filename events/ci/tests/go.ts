/** `go test`: a line per failed test, and below it (with `-v` above it) the places that `t.Error` was called at. */
import { isDeepStrictEqual } from 'node:util';
import type { StackFrame } from '../../stack/block.ts';
import type { TestFailure } from '../step-failure.ts';

const FAILED = /^\s*--- FAIL: (\S{1,300}) \(/;
const SAID = /^\s+([\w.-]{1,200}_test\.go):(\d{1,7}): ?(.*)$/;
const PACKAGE = /^FAIL\t(\S{1,300})\t/;
const NEAR = 40;
/** A test's words may be many; so may the tests that fail. */
const FAR = 2000;
const MOST = 200;

export function readGoFailures(text: string): TestFailure[] {
  const lines = text.split('\n');
  const found: { failure: TestFailure; at: number }[] = [];
  for (const [at, line] of lines.entries()) {
    const test = FAILED.exec(line)?.[1];
    if (test === undefined) continue;
    if (found.length >= MOST) break;
    const failure = ranAbove(lines, at, test) ?? saidBelow(lines, at) ?? panicNear(lines, at);
    if (failure) found.push({ at, failure: { ...failure, test } });
  }
  const placed = found.map(({ at, failure }) => inPackage(failure, lines, at));
  // A test with parts is told as failed by the words of a part: the part comes later, and is meant.
  return placed.filter((one, at) => !placed.slice(at + 1).some((later) => isDeepStrictEqual(where(one), where(later))));
}

function where({ place, message, frames }: TestFailure) {
  return { place, message, frames };
}

/** Without `-v`, up to the next test that failed. */
function saidBelow(lines: string[], at: number): TestFailure | undefined {
  const said = lines.slice(at + 1, at + NEAR).findIndex((line) => SAID.test(line));
  const next = lines.slice(at + 1, at + NEAR).findIndex((line) => /^--- FAIL: /.test(line));
  return said === -1 || (next !== -1 && next < said) ? undefined : saidAt(lines, at + 1 + said);
}

function saidAt(lines: string[], at: number): TestFailure | undefined {
  const [, file, line, first = ''] = SAID.exec(lines[at] ?? '') ?? [];
  if (file === undefined) return undefined;
  const more: string[] = [];
  for (const text of lines.slice(at + 1, at + 12)) {
    if (!/^\s{8,}\S/.test(text) || SAID.test(text)) break;
    more.push(text.trim());
  }
  const message = [first, ...more]
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, 1000);
  return { type: '', message: message || 'the test failed', frames: [], place: { file, line: Number(line) } };
}

/** With `-v` a test's words come before its result. */
function ranAbove(lines: string[], at: number, test: string): TestFailure | undefined {
  const first = Math.max(0, at - FAR);
  const began = lines.slice(first, at).findLastIndex((line) => line.trim() === `=== RUN   ${test}`);
  if (began === -1) return undefined;
  const said = lines.slice(first + began, at).findIndex((line) => SAID.test(line));
  return said === -1 ? undefined : saidAt(lines, first + began + said);
}

function panicNear(lines: string[], at: number): TestFailure | undefined {
  const below = lines.slice(Math.max(0, at - NEAR), at + 200);
  const message = below.map((line) => /^(?:\s*)panic: (.{1,500})$/.exec(line)?.[1]).find((one) => one !== undefined);
  if (message === undefined) return undefined;
  const frames = below.flatMap((line): StackFrame[] => {
    const [, file, number] = /^\t(\S{1,500}\.go):(\d{1,7})(?: \+0x|$)/.exec(line) ?? [];
    if (file === undefined) return [];
    return [
      {
        file,
        line: Number(number),
        in_app: !/\/(?:usr\/local\/go|usr\/lib\/go|hostedtoolcache\/go|pkg\/mod)[-/.\w]*\//.test(file),
      },
    ];
  });
  return { type: 'panic', message: message.replace(/ \[recovered\].*$/, ''), frames };
}

/** Files are told by their name alone; the package that is named at its end says in which folder. */
function inPackage(failure: TestFailure, lines: string[], at: number): TestFailure {
  const path = lines
    .slice(at, at + FAR)
    .map((line) => PACKAGE.exec(line)?.[1])
    .find((one) => one !== undefined);
  if (path === undefined || failure.place === undefined) return failure;
  return { ...failure, place: { ...failure.place, file: `${path}/${failure.place.file}` } };
}
