/**
 * Success criteria: declared before a run, checked one by one after it by whoever started it, on exactly the tree that
 * was verified. That a run ended cleanly proves nothing.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Law } from '../../context/law.ts';
import type { Config } from '../../context/schemas/config.ts';
import { isAllowedCommand } from '../../gate/agent-scenario.ts';
import type { Checkout } from '../../gate/checkout.ts';
import { runCheck } from '../../gate/runner/run-command.ts';
import type { CriterionResult, Verdict } from '../../gate/verification.ts';

export type Criterion = Config['criteria'][number];

export interface CriteriaRequest {
  criteria: readonly Criterion[];
  verdict: Verdict;
  /** The verified tree. */
  tree: string;
  tests: Config['tests'];
  /** Set for those of an agent's plan: of their commands only such as an agent may add are run, as words. */
  agentLaw?: Pick<Law, 'config' | 'scenarios'> | undefined;
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
    const there = await isFile(checkout, criterion.file_exists);
    return { met: there, found: `${criterion.file_exists} ${there ? 'is there' : 'is not there'}` };
  }
  if (criterion.file_contains !== undefined) {
    const { path, text } = criterion.file_contains;
    if (!(await isFile(checkout, path))) return { met: false, found: `${path} is not there` };
    const met = (await readFile(join(checkout.path, path), 'utf8')).includes(text);
    return { met, found: `${path} ${met ? 'contains' : 'does not contain'} ${JSON.stringify(text.slice(0, 100))}` };
  }
  return { met: false, found: 'it names nothing to check' };
}

/** With the environment, time and process group of checks; its exit code judges. */
async function command(line: string, checkout: Checkout, request: CriteriaRequest): Promise<Judgement> {
  const { agentLaw } = request;
  const allowed = agentLaw === undefined ? { ok: true as const } : isAllowedCommand(line, agentLaw, checkout.path);
  if (!allowed.ok) return { met: false, found: `\`${line}\` may not run: ${allowed.why}` };
  const run = await runCheck({
    checkout,
    tree: request.tree,
    at: 'fix',
    command: line,
    kind: 'check',
    author: agentLaw === undefined ? 'people' : 'agent',
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

/** Never through a link, of a folder on the way either: a tree may hold one that points anywhere. */
async function isFile(checkout: Checkout, path: string): Promise<boolean> {
  const file = join(await realpath(checkout.path), path);
  if ((await realpath(file).catch(() => undefined)) !== file) return false;
  return (await stat(file)).isFile();
}
