/**
 * Success criteria: declared before a run, checked one by one after it by whoever started it, on exactly the tree that
 * was verified. That a run ended cleanly proves nothing.
 */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../context/schemas/config.ts';
import type { Checkout } from '../../gate/checkout.ts';
import { runCheck } from '../../gate/runner/run-command.ts';

export type Criterion = Config['criteria'][number];

export interface CriterionResult {
  id: string;
  met: boolean;
  /** What was found; for an unmet one also what to do. */
  found: string;
}

export interface CriteriaRequest {
  criteria: readonly Criterion[];
  /** The parent's own. */
  verdict: 'pass' | 'fail' | 'refuse';
  /** The verified tree. */
  tree: string;
  tests: Config['tests'];
  /** Opened only for criteria that look at files or run commands; closed by who opened it. */
  checkout: () => Promise<Checkout>;
  signal?: AbortSignal | undefined;
}

/** In the order in which they were declared. */
export async function checkCriteria(request: CriteriaRequest): Promise<CriterionResult[]> {
  const results: CriterionResult[] = [];
  for (const criterion of request.criteria) {
    const { met, found } = await check(criterion, request);
    results.push({
      id: criterion.id,
      met,
      found: criterion.description ? `${criterion.description}: ${found}` : found,
    });
  }
  return results;
}

type Judgement = Pick<CriterionResult, 'met' | 'found'>;

async function check(criterion: Criterion, request: CriteriaRequest): Promise<Judgement> {
  if (criterion.gate !== undefined)
    return { met: request.verdict === 'pass', found: `the gate says ${request.verdict}` };
  const checkout = await request.checkout();
  // A command before this one may have written into the checkout.
  await checkout.use(request.tree);
  if (criterion.command !== undefined) return command(criterion.command, checkout, request);
  if (criterion.file_exists !== undefined) {
    const there = await isFile(join(checkout.path, criterion.file_exists));
    return { met: there, found: `${criterion.file_exists} ${there ? 'is there' : 'is not there'}` };
  }
  if (criterion.file_contains !== undefined) {
    const { path, text } = criterion.file_contains;
    const file = join(checkout.path, path);
    if (!(await isFile(file))) return { met: false, found: `${path} is not there` };
    const met = (await readFile(file, 'utf8')).includes(text);
    return { met, found: `${path} ${met ? 'contains' : 'does not contain'} ${JSON.stringify(text.slice(0, 100))}` };
  }
  return { met: false, found: 'it names nothing to check' };
}

/** A command that people declared, with the environment of checks; its exit code judges. */
async function command(line: string, checkout: Checkout, request: CriteriaRequest): Promise<Judgement> {
  const run = await runCheck({
    checkout,
    tree: request.tree,
    at: 'fix',
    command: line,
    kind: 'check',
    author: 'people',
    timeoutMs: request.tests.timeout,
    env: request.tests.env,
    redactIps: true,
    signal: request.signal,
  });
  const end = run.status === 'timed_out' ? 'ran out of time' : `ended with exit code ${run.exit}`;
  const tail = run.tail.trim().slice(-1500);
  return run.status === 'passed'
    ? { met: true, found: `\`${line}\` ${end}` }
    : { met: false, found: `\`${line}\` ${end}${tail ? `:\n${tail}` : ''}` };
}

/** Never through a link: a tree may hold one that points anywhere. */
async function isFile(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}
