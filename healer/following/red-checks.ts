/**
 * Which red checks of a proposal are its own: one that is red on the base in the same way does not count. What failed is
 * read from the logs, redacted and bounded.
 */
import type { CiFailure } from '../../events/ci/ci-failure.ts';
import { maskText } from '../../events/mask.ts';
import { clip } from '../../events/plain-text.ts';
import { redact } from '../../events/redact.ts';
import { askJob, askJobLog } from '../intake/github/ask.ts';
import { download } from '../intake/github/download.ts';
import { failureOfLog } from '../intake/github/failures.ts';
import type { Canonical } from '../publishing/github/canonical.ts';
import type { GitHub } from '../publishing/github/client.ts';
import { type CiCheck, readCi } from './github/checks.ts';
import type { Read } from './github/people.ts';

export interface RedCheck {
  name: string;
  url: string;
  /** The end of what it printed, redacted. */
  output: string;
}

/** Logs that are read of one commit, and characters kept of each. */
const MOST_LOGS = 3;
const LONGEST_OUTPUT = 6000;
const FAILING = /not ok|fail|error|exception|panic|assert|warning|\u2715|\u2717|\u00d7|\u274c/i;
/** Where no line tells of a failure, so many at the end are compared. */
const LAST_LINES = 20;

export interface OwnFailures {
  own: RedCheck[];
  /** Names of those that are red on the base in the same way. */
  asOnBase: string[];
}

/** `base`: the commit that the proposal was made from. */
export async function ownFailures(
  github: GitHub,
  where: Canonical,
  { red, base, signal }: { red: readonly CiCheck[]; base: string; signal: AbortSignal },
): Promise<Read<OwnFailures>> {
  const there = await readCi(github, where, base);
  if (there.status !== 'ok') return there;
  const own: RedCheck[] = [];
  const asOnBase: string[] = [];
  for (const check of red) {
    const before = there.data.checks.find(({ name, state }) => name === check.name && state === 'red');
    const here = own.length < MOST_LOGS || before ? await outputOf(github, where, check, signal) : told(check);
    if (before && (await isSame(github, where, { here, before, signal }))) asOnBase.push(check.name);
    else own.push({ name: check.name, url: check.url, output: here.output });
  }
  return { status: 'ok', data: { own, asOnBase } };
}

interface Output {
  output: string;
  /** Those that tell of a failure, without what changes from run to run; undefined when no log tells. */
  lines: string[] | undefined;
}

/** Whatever fails here fails there. Where no log tells what failed, being red on both is the same. */
async function isSame(
  github: GitHub,
  where: Canonical,
  { here, before, signal }: { here: Output; before: CiCheck; signal: AbortSignal },
): Promise<boolean> {
  if (here.lines === undefined) return true;
  const there = await outputOf(github, where, before, signal);
  const known = new Set(there.lines);
  return there.lines === undefined || here.lines.every((line) => known.has(line));
}

function told({ summary }: CiCheck): Output {
  return { output: clip(redact(summary, { ips: true }), LONGEST_OUTPUT), lines: undefined };
}

async function outputOf(github: GitHub, where: Canonical, check: CiCheck, signal: AbortSignal): Promise<Output> {
  if (!check.isJob || check.id === null) return told(check);
  const job = await askJob(github, check.id);
  const place = job.status === 'ok' ? await askJobLog(github, check.id) : job;
  if (job.status !== 'ok' || place.status !== 'ok') return told(check);
  const log = await download(place.data, signal);
  if (!log.ok) return told(check);
  const failure: CiFailure = {
    told: 'job',
    repository: `${where.owner}/${where.repo}`,
    id: check.id,
    attempt: job.data.run_attempt,
    workflow: job.data.workflow_name ?? 'a workflow',
    job: check.name,
    commit: job.data.head_sha,
    conclusion: 'failure',
  };
  const read = failureOfLog(failure, job.data, log.text);
  const text = read.text ?? '';
  const output = redact(text.length > LONGEST_OUTPUT ? `[…]\n${text.slice(-LONGEST_OUTPUT)}` : text, { ips: true });
  return { output, lines: failingLines(text) };
}

function failingLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const failing = lines.filter((line) => FAILING.test(line));
  return (failing.length > 0 ? failing : lines.slice(-LAST_LINES)).map((line) => maskText(line.trim()));
}
