/**
 * Whether a red run is red for the incident's own reason (law 2). The failing case must show the incident's error type and
 * masked message thrown by code that is not a test, or throw at a frame of the incident's stack. What a test can make up
 * by itself does not count: an error it throws, a message it quotes, a title, a line it prints.
 *
 * The text of a failure comes from code under test, so this can be deceived by a forged stack; `reproduction.ts` also
 * runs the case with the throwing file made unloadable, and a person sees the test in the proposal.
 */
import { maskText } from '../../events/mask.ts';
import { parseAnyHead } from '../../events/stack/error-head.ts';
import { toRepositoryPath } from '../../events/stack/repository-path.ts';
import { parseStacks } from '../../events/stack/stack.ts';
import type { CheckRun, TestCase } from '../check-run.ts';
import { foreignLine } from '../foreign-line.ts';
import { failedRequest, hasError, isTimeout, type KnownEvent } from './incident-kind.ts';
import { endedByRunner, missingOfRequest } from './told-by-case.ts';

export interface ReasonContext {
  /** Real path of the checkout in which the run took place. */
  checkout: string;
  event: KnownEvent;
  /** Repository-relative files of the diagnosis. */
  affectedFiles: readonly string[];
  isTest: (path: string) => boolean;
  /** Test files that the fix adds or changes. */
  testsOfFix: ReadonlySet<string>;
}

export type Reason =
  /** `weak`: an assertion, or something a test could arrange: publishing then always asks a person. */
  | { ok: true; weak: boolean; how: string; testCase: string; file?: string }
  /** `file`: the diagnosed file of which another copy was loaded. */
  | { ok: false; code: 'red_for_other_reason' | 'tree_not_seen'; why: string; file?: string };

/** Characters of a message's first line that are compared. */
const COMPARED = 1000;

interface Place {
  /** Repository-relative, or null outside of the checkout. */
  path: string | null;
  raw: string;
  line: number | undefined;
  function: string | undefined;
}

interface Thrown {
  type: string;
  message: string;
  /** Frames of the application, innermost first. */
  places: Place[];
}

/** The best reason that any failed case of a red run gives. */
export function redForReason(run: CheckRun, context: ReasonContext): Reason {
  if (run.status !== 'failed') {
    const why = run.reason?.message ?? 'The run was not red.';
    const clock =
      run.status === 'timed_out'
        ? ' The whole command was ended, so no case told anything; let the case end by a time limit of its own.'
        : '';
    return { ok: false, code: 'red_for_other_reason', why: why + clock };
  }
  const reasons = run.cases.filter(({ status }) => status === 'failed').map((one) => reasonOf(one, run, context));
  return (
    reasons.find((reason) => reason.ok && !reason.weak) ??
    reasons.find((reason) => reason.ok) ??
    reasons.find((reason) => !reason.ok && reason.code === 'tree_not_seen') ??
    reasons[0] ?? { ok: false, code: 'red_for_other_reason', why: 'No failed case was reported.' }
  );
}

function reasonOf(one: TestCase, run: CheckRun, context: ReasonContext): Reason {
  const thrown = readThrown(one.failure ?? '', context.checkout);
  const same = isSameError(thrown, context.event);
  const [thrower] = thrown.places;
  const red = (weak: boolean, how: string, file?: string): Reason => ({
    ok: true,
    weak,
    how,
    testCase: one.name,
    ...(file === undefined ? {} : { file }),
  });
  const title = `"${one.name}"`;

  if (isTimeout(context.event) && endedByRunner(one, run.output))
    return red(true, `${title} runs out of the time that its runner gives it.`);
  if (thrower === undefined) {
    if (same) return red(true, `${title} fails with the incident's error; its stack shows no file of the repository.`);
    // A scenario without a test of its own (`call`, `http`) asserts outside of the tree.
    if (!hasError(context.event) && isAssertion(thrown, one.failure ?? '')) return byAssertion(one, run, context, red);
  } else if (thrower.path === null) {
    const file = context.affectedFiles.find((path) => thrower.raw.endsWith(`/${path}`));
    if (same || file !== undefined) {
      const why = `The tests do not load the tree that is judged: the error was thrown in ${thrower.raw}.`;
      return { ok: false, code: 'tree_not_seen', why, ...(file === undefined ? {} : { file }) };
    }
  } else if (!context.isTest(thrower.path)) {
    if (same)
      return red(false, `${title} fails with the incident's error, thrown at ${placeText(thrower)}.`, thrower.path);
    if (isIncidentPlace(thrower, context)) {
      const how = `${title} throws at ${placeText(thrower)}, a frame of the incident's stack`;
      return isSameType(thrown.type, context.event.type)
        ? red(false, `${how}.`, thrower.path)
        : red(true, `${how}, but another error: ${headOf(thrown)}.`, thrower.path);
    }
    if (!hasError(context.event) && context.affectedFiles.includes(thrower.path))
      return red(true, `${title} throws in the diagnosed file, at ${placeText(thrower)}.`, thrower.path);
  } else if (same) {
    const known = innermostFile(context.event) === thrower.path && !context.testsOfFix.has(thrower.path);
    if (known) return red(false, `${title} fails as in the incident, at ${placeText(thrower)}.`);
    const through = thrown.places.find((place) => place.path !== null && isIncidentPlace(place, context));
    if (through)
      return red(
        true,
        `The test's own stand-in throws the error, and it passes ${placeText(through)}, a frame of the incident.`,
      );
  } else if (!hasError(context.event) && isAssertion(thrown, one.failure ?? '')) {
    return byAssertion(one, run, context, red);
  }

  if (hasError(context.event) && isAssertion(thrown, one.failure ?? '')) {
    const printed = parseStacks(run.output).map((stack) => toThrown(stack, context.checkout));
    const shown = printed.find((stack) => isSameError(stack, context.event) && isSource(stack.places[0], context));
    if (shown?.places[0])
      return red(
        true,
        `An assertion of ${title} fails, and the output shows the incident's error thrown at ${placeText(shown.places[0])}.`,
      );
  }
  return { ok: false, code: 'red_for_other_reason', why: otherReason(one, thrown, same, context) };
}

/** Of an incident without an error: a failed request has to be the one that failed. */
function byAssertion(
  one: TestCase,
  run: CheckRun,
  { checkout, event }: ReasonContext,
  red: (weak: boolean, how: string) => Reason,
): Reason {
  const told = headOf(readThrown(one.failure ?? '', checkout));
  const request = failedRequest(event);
  // The request of an `http` scenario stands in the name of its run; a command may name a test file like the path.
  const sent = /^http [A-Z]+ \S+/.exec(run.command)?.[0] ?? '';
  const missing = request && missingOfRequest(one, `${sent}\n${run.output}`, request);
  if (missing === undefined) return red(true, `An assertion of "${one.name}" fails: ${told}.`);
  const next = "Assert on the status of that request, and name it in the case's title.";
  const why = `An assertion of "${one.name}" fails, but it does not name ${missing}: ${told}. ${next}`;
  return { ok: false, code: 'red_for_other_reason', why };
}

function otherReason(one: TestCase, thrown: Thrown, same: boolean, context: ReasonContext): string {
  const expected =
    context.event.type === '' ? context.event.message : `${context.event.type}: ${context.event.message}`;
  const at = thrown.places[0] ? ` at ${placeText(thrown.places[0])}` : '';
  const wanted = `The incident is "${foreignLine(expected)}".`;
  if (same)
    return `"${one.name}" fails with the incident's text, but the test throws it itself${at}. It must be thrown by the code under test.`;
  if (isAssertion(thrown, one.failure ?? ''))
    return `"${one.name}" fails by an assertion${at}: ${headOf(thrown)}. ${wanted} Call the code so that its own error reaches the runner, instead of asserting about it.`;
  return `"${one.name}" fails with ${headOf(thrown)}${at}. ${wanted}`;
}

/**
 * The error a failed case reports. Type and message come from the first line of a JavaScript failure, so that a stack
 * quoted inside a message does not pass for the error itself.
 */
function readThrown(failure: string, checkout: string): Thrown {
  const [first] = parseStacks(failure);
  const opening = failure.trimStart().split('\n', 1)[0] ?? '';
  const head = parseAnyHead(opening);
  if (first === undefined) return { type: head?.type ?? '', message: head?.message ?? opening, places: [] };
  const thrown = toThrown(first, checkout);
  if (first.language !== 'javascript' || head === undefined) return thrown;
  return { ...thrown, type: head.type, message: head.message };
}

function toThrown(stack: ReturnType<typeof parseStacks>[number], checkout: string): Thrown {
  const places = stack.frames
    .filter((frame) => frame.in_app && !frame.file.startsWith('<'))
    .map((frame) => ({
      path: toRepositoryPath(frame.file, { root: checkout }) ?? null,
      raw: frame.file,
      line: frame.line,
      function: frame.function,
    }));
  return { type: stack.type, message: stack.message, places };
}

function isSource(place: Place | undefined, context: ReasonContext): boolean {
  return place !== undefined && place.path !== null && !context.isTest(place.path);
}

function isSameError(thrown: Thrown, event: ReasonContext['event']): boolean {
  if (event.message.trim() === '' && event.type === '') return false;
  if (!isSameType(thrown.type, event.type) && thrown.type !== 'Error' && event.type !== 'Error') return false;
  return comparable(thrown.message) === comparable(event.message);
}

function isSameType(a: string, b: string): boolean {
  const last = (type: string) => type.slice(type.lastIndexOf('.') + 1);
  return b === '' || last(a) === last(b);
}

/** The first line, redacted as at intake and masked: what stays equal between two occurrences. */
function comparable(message: string): string {
  return maskText(foreignLine(message, COMPARED)).replace(/\s+/g, ' ').trim();
}

/** Whether a place is a frame of the incident's stack within a diagnosed file, by function or by line. */
function isIncidentPlace(place: Place, { event, affectedFiles }: ReasonContext): boolean {
  const { path } = place;
  if (path === null || !affectedFiles.includes(path)) return false;
  const own = event.file === undefined ? [] : [{ file: event.file, line: event.line, function: event.function }];
  return [...own, ...event.frames].some(
    (frame) =>
      (frame.file === path || frame.file.endsWith(`/${path}`)) &&
      ((frame.function !== undefined && sameFunction(frame.function, place.function)) ||
        (frame.line !== undefined && frame.line === place.line)),
  );
}

/** `Object.tenantOf`, `async tenantOf` and `tenantOf` are one function. */
function sameFunction(a: string, b: string | undefined): boolean {
  const plain = (name: string) => name.replace(/^(?:async|new) /, '').replace(/^.*\./, '');
  const name = plain(a);
  return b !== undefined && name !== '' && !/^<?anonymous>?$|^<module>$/.test(name) && name === plain(b);
}

function innermostFile(event: ReasonContext['event']): string | undefined {
  return event.frames.find((frame) => frame.in_app)?.file ?? event.file;
}

function isAssertion(thrown: Thrown, failure: string): boolean {
  return (
    /assert|ExpectationFail/i.test(thrown.type) ||
    /^(?:expect\(|assert |Snapshot )/.test(thrown.message) ||
    /^\s*operator: /m.test(failure)
  );
}

function placeText({ path, raw, line, function: name }: Place): string {
  return `${path ?? raw}${line === undefined ? '' : `:${line}`}${name === undefined ? '' : ` (${name})`}`;
}

function headOf({ type, message }: Thrown): string {
  return `"${foreignLine(type === '' ? message : `${type}: ${message}`)}"`;
}
