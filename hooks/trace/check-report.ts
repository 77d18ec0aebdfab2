/**
 * What a call told about the project's checks: which ones fail, and how. Read from the output for people, which is what an
 * agent sees, of the test runners, compilers and linters of `check-report/`; of a check that none of them knows, the exit
 * code and words of failure tell whether it failed, and what reports have in common tells what.
 */
import { stripVTControlCharacters } from 'node:util';
import { ownTool } from '../own-server.ts';
import { readAnyCheck } from './check-report/any-check.ts';
import { readCargoTest } from './check-report/cargo-test.ts';
import { type CheckCommand, readCheckCommand } from './check-report/check-command.ts';
import { readDiagnostics } from './check-report/diagnostics.ts';
import { readDotnet } from './check-report/dotnet.ts';
import { digestErrors } from './check-report/error-lines.ts';
import { readExunit } from './check-report/exunit.ts';
import { readGoTest } from './check-report/go.ts';
import { readJest } from './check-report/jest.ts';
import { readJunit } from './check-report/junit.ts';
import { readMinitest } from './check-report/minitest.ts';
import { readMocha } from './check-report/mocha.ts';
import { readNodeTest } from './check-report/node-test.ts';
import { readOwnTool } from './check-report/own-tools.ts';
import { readPhpunit } from './check-report/phpunit.ts';
import { readPlaywright } from './check-report/playwright.ts';
import { readPytest } from './check-report/pytest.ts';
import type { ReadsReport } from './check-report/reading.ts';
import { readRspec } from './check-report/rspec.ts';
import { readTap } from './check-report/tap.ts';
import { readTerraform } from './check-report/terraform.ts';
import { readUnittest } from './check-report/unittest.ts';
import { readVitest } from './check-report/vitest.ts';
import type { ToolCall } from './happening.ts';
import { insideFolder } from './inside-folder.ts';
import { mayChangeFiles } from './may-change.ts';
import { maskVolatile } from './volatile.ts';

export interface CheckReport {
  /** Masked names of the failing checks, sorted, each once; empty when green. */
  failing: readonly string[];
  /** Digest of the masked error lines; empty when green. */
  errors: string;
}

const READERS: readonly ReadsReport[] = [
  readVitest,
  readJest,
  readMocha,
  readNodeTest,
  readTap,
  readPytest,
  readUnittest,
  readGoTest,
  readCargoTest,
  readRspec,
  readJunit,
  readPhpunit,
  readDotnet,
  readExunit,
  readMinitest,
  readPlaywright,
  readTerraform,
  readDiagnostics,
];

/** Characters: as much as `ToolCall.output` holds, and the longest line that `ReadsReport` promises its readers. */
const MAX_OUTPUT = 64_000;
const MAX_LINE = 2000;
/** Longer names and more of them tell no two states of a run apart that these do not. */
const MAX_NAME = 300;
const MAX_FAILING = 1000;

const FAILURE_WORDS =
  /(?<!\b(?:0|no) )\b(?:fail(?:s|ed|ing|ures?)?|errors?|not ok|panic|exception|traceback)\b|[✖✗✘×]/i;
/** Where the client, or we, left out the middle. */
const CUT = /^\.\.\. \[\d+ characters truncated\] \.\.\.$/;
const NOT_DONE = /^Command (?:running|was (?:moved|manually)|did not complete)[^\n]{0,80}background/;

/** Who watches, who detects loops and who records ask about the same call. */
const known = new WeakMap<ToolCall, CheckReport | null>();

/** Null when the call's output is not the report of a check. Linear in the length of the output. */
export function readCheckReport(call: ToolCall): CheckReport | null {
  const found = known.get(call);
  if (found !== undefined) return found;
  const read = reading(call);
  known.set(call, read);
  return read;
}

function reading(call: ToolCall): CheckReport | null {
  if (call.outcome === 'refused') return null;
  const ours = ownTool(call.tool);
  if (ours !== undefined) {
    const read = readOwnTool(ours, call.output);
    return read && report(read.failing, read.errors, call.cwd);
  }
  const { command } = call.input;
  // What only reads may show an old report.
  if (typeof command !== 'string' || NOT_DONE.test(call.output) || !mayChangeFiles({ tool: 'Bash', input: call.input }))
    return null;
  return readOutput(call, command);
}

function readOutput(call: ToolCall, command: string): CheckReport | null {
  const lines = linesOf(call.output);
  const readings = READERS.flatMap((read) => read(lines) ?? []);
  const failing = readings.flatMap((reading) => reading.failing);
  if (failing.length > 0) return report(failing, lines, call.cwd);
  const check = readCheckCommand(command);
  if (check === undefined) return readings.length > 0 && call.outcome === 'ok' ? report([], [], call.cwd) : null;
  switch (unread(call, check, lines, readings.length > 0)) {
    case 'failed':
      return report(readAnyCheck(lines, check.name).failing, lines, call.cwd);
    case 'passed':
      return report([], [], call.cwd);
    default:
      return null;
  }
}

/** Of a check whose output names no failure. */
function unread(
  { outcome }: ToolCall,
  check: CheckCommand,
  lines: readonly string[],
  isGreen: boolean,
): 'passed' | 'failed' | 'unknown' {
  if (check.tellsExit) return outcome === 'ok' ? 'passed' : 'failed';
  if (isGreen && outcome === 'ok') return 'passed';
  if (lines.some((line) => FAILURE_WORDS.test(line))) return 'failed';
  return outcome === 'ok' ? 'passed' : 'unknown';
}

function linesOf(output: string): string[] {
  const lines = output
    .slice(0, MAX_OUTPUT)
    .split('\n')
    .map((line) => stripVTControlCharacters(line.slice(0, MAX_LINE)).trimEnd());
  const cut = lines.findIndex((line) => CUT.test(line));
  if (cut < 0) return lines;
  // The lines at the cut are parts of lines: a name in them is no name.
  const before = lines.slice(0, cut).findLastIndex((line) => line !== '');
  const after = lines.findIndex((line, index) => index > cut && line !== '');
  return lines.filter((_line, index) => index < before || (after >= 0 && index > after));
}

function report(failing: readonly string[], errors: readonly string[], cwd: string | null): CheckReport {
  const names = failing.slice(0, MAX_FAILING).map((name) => maskVolatile(insideFolder(name, cwd)).slice(0, MAX_NAME));
  return { failing: [...new Set(names)].sort(), errors: names.length === 0 ? '' : digestErrors(errors, cwd) };
}
