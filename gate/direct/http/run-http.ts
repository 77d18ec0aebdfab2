/** Starts a service of the tree, sends it one request per row, and holds each answer against what is expected. */
import {
  type HttpExpectation,
  type HttpInput,
  heldBy,
  readHttpExpectation,
  readHttpInput,
} from '../../../context/schemas/expectation.ts';
import { PORT_MARK } from '../../../context/schemas/scenarios.ts';
import type { GroupResult } from '../../process-group.ts';
import type { Judgement } from '../../runner/judge.ts';
import type { RunPlace } from '../../runner/run-place.ts';
import { sandboxMode } from '../../runner/sandbox.ts';
import { type CaseResult, directError, judgeCases } from '../cases.ts';
import { differences, show } from '../difference.ts';
import type { DirectLimits, DirectRun } from '../direct-run.ts';
import type { HttpExchange } from './exchange.ts';
import { type RunningService, withService } from './service.ts';

interface Row {
  input: HttpInput;
  expected: HttpExpectation;
}

/** Characters of an answer that are read. */
const BODY_LIMIT = 4 * 1024 * 1024;

export async function runHttp(exchange: HttpExchange, place: RunPlace, limits: DirectLimits): Promise<DirectRun> {
  const rows: Row[] = [];
  for (const { name, input, expected } of exchange.cases) {
    const [given, wanted] = [readHttpInput(input), readHttpExpectation(expected)];
    const fault = given.ok ? (wanted.ok ? null : wanted.why) : given.why;
    if (fault !== null)
      return {
        judgement: directError('bad_scenario', `"${name}" cannot be judged: ${fault}.`),
        seconds: 0,
        output: '',
      };
    if (given.ok && wanted.ok) rows.push({ input: given.value, expected: wanted.value });
  }
  const { timeoutMs, signal, onOutput } = limits;
  if (sandboxMode() === 'no-network') {
    const why =
      'SELF_HEALING_SANDBOX=no-network keeps the service in a network of its own, where no request reaches it.';
    return { judgement: directError('not_ready', why), seconds: 0, output: '' };
  }
  const { start, ready } = exchange;
  const served = await withService(
    { start, ready, cwd: place.checkout, env: place.env, confine: place.confine, timeoutMs, signal, onOutput },
    (service) => exchangeAll(exchange, rows, service),
  );
  const { group } = served;
  const told = { seconds: group?.seconds ?? 0, output: group?.output ?? '' };
  if (signal?.aborted)
    return { judgement: directError('aborted', 'The verification was stopped while it ran.'), ...told };
  if (served.status === 'not_ready') return { judgement: directError(served.code, served.why), ...told };
  return { judgement: served.value ?? timedOut(timeoutMs), ...told };
}

/** Null when the time was up before every row was answered. */
async function exchangeAll(
  exchange: HttpExchange,
  rows: readonly Row[],
  service: RunningService,
): Promise<Judgement | null> {
  const results: CaseResult[] = [];
  for (const row of rows) {
    const result = await sendOne(exchange, row, service);
    if (result === null) return null;
    results.push(result);
    if (service.ended() !== null) break;
  }
  return judgeCases(exchange.cases, results, { brokeOff: 'The service ended, so the rest was not sent.' });
}

async function sendOne(
  { method: given, path }: HttpExchange,
  { input, expected }: Row,
  service: RunningService,
): Promise<CaseResult | null> {
  const method = given.toUpperCase();
  const url = new URL(path.replaceAll(PORT_MARK, String(service.port)), service.origin);
  for (const [name, value] of Object.entries(input.query)) url.searchParams.set(name, value);
  const headers = new Headers(input.headers);
  const isText = input.body === undefined || typeof input.body === 'string';
  if (!isText && !headers.has('content-type')) headers.set('content-type', 'application/json');
  const body = isText ? {} : { body: JSON.stringify(input.body) };
  const text = typeof input.body === 'string' ? { body: input.body } : body;
  try {
    const answer = await fetch(url, { method, headers, redirect: 'manual', signal: service.signal, ...text });
    return judgeAnswer(expected, answer, await readBody(answer));
  } catch (error) {
    const ended = await endOf(service);
    if (ended !== null && ended.timedOut === null && !ended.aborted)
      return failure(`${method} ${url.pathname} got no answer: the service ended (exit code ${ended.exit})`);
    if (service.signal.aborted) return null;
    return failure(`${method} ${url.pathname} got no answer: ${causeOf(error)}`);
  }
}

function judgeAnswer({ status, headers, body }: HttpExpectation, answer: Response, text: string): CaseResult {
  const found: string[] = [];
  if (status !== undefined && answer.status !== status) found.push(`status: expected ${status}, got ${answer.status}`);
  for (const [name, wanted] of Object.entries(headers)) {
    const got = answer.headers.get(name);
    if (got === null || !heldBy(got, wanted)) found.push(`header ${name}: expected ${show(wanted)}, got ${show(got)}`);
  }
  if (body !== undefined && typeof body.value === 'string' && !body.exact) {
    const came = asJson(text);
    if (!heldBy(typeof came === 'string' ? came : text, body.value))
      found.push(`body: expected ${show(body.value)}, got ${show(text)}`);
  } else if (body !== undefined) {
    const came = body.exact && typeof body.value === 'string' ? text : (asJson(text) ?? text);
    found.push(...differences(body, came).map((line) => `body ${line}`));
  }
  if (found.length === 0) return { passed: true };
  return failure(`${found.join('\n')}\n\nactual status: ${answer.status}\nactual body: ${show(text)}`);
}

/** The answer's text, as far as it is read at all. */
async function readBody(answer: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > BODY_LIMIT) break;
  }
  return text;
}

/** Undefined when it is none. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A connection breaks a moment before its process is known to have ended. */
async function endOf(service: RunningService): Promise<GroupResult | null> {
  const deadline = performance.now() + 1000;
  while (service.ended() === null && performance.now() < deadline) await new Promise((done) => setTimeout(done, 20));
  return service.ended();
}

function failure(text: string): CaseResult {
  return { passed: false, failure: `AssertionError: ${text}` };
}

function causeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  return cause instanceof Error ? cause.message : String(error);
}

function timedOut(timeoutMs: number): Judgement {
  const message = `It was ended after ${timeoutMs / 1000} s, before every request was answered.`;
  return { status: 'timed_out', reason: { code: 'timed_out', message }, counts: null, cases: [] };
}
