/**
 * Opens the pull request of a proposal, or finds the one that is there: however often it is asked, whatever breaks off
 * on the way, and whoever else asks at the same moment, there is one.
 *
 * Creation is never repeated blindly. Before the first try, and again whenever it is not known what became of one, the
 * pull requests of the branch are listed. GitHub itself refuses a second open one from the same branch into the same
 * base, which settles two creators at the same moment.
 */

import { growingPause } from '../../growing-pause.ts';
import { INCIDENT_TRAILER, incidentTrailer } from '../commit.ts';
import { type Canonical, canonical } from './canonical.ts';
import type { GitHub } from './client.ts';
import type { GitHubFailure, Problem } from './failure.ts';
import { putLabel } from './label.ts';
import { type PullRequestDetails, pullRequestIn, pullRequestsOf } from './pull-requests.ts';

export interface PullRequestRequest {
  incident: string;
  round: number;
  /** Pushed already. */
  branch: string;
  base: string;
  title: string;
  /** At most 65,536 characters, with the trailer. */
  body: string;
  /** The whole line by which it is known again; default the trailer of a fix of this incident and round. */
  trailer?: string;
  draft: boolean;
  /** Empty for none. */
  label: string;
}

export interface OpenPullRequest {
  status: 'open';
  url: string;
  number: number;
  /** False when it was there already. */
  created: boolean;
  /** What it is, not what was asked for. */
  draft: boolean;
  /** What a person should know although the pull request is there: sentences. */
  warnings: string[];
}

/** The limits GitHub answers with a 422. */
const LONGEST = { title: 256, body: 65_536 };
/** Where a repository has no drafts, this in front of the title says what the pull request is meant to be. */
const DRAFT_PREFIX = '[draft] ';
const CREATIONS = 2;
const LOOKS = 3;
const LOOK_AGAIN_MS = 1000;

export async function ensurePullRequest(
  github: GitHub,
  request: PullRequestRequest,
): Promise<OpenPullRequest | GitHubFailure> {
  const unfit = tooLong(request);
  if (unfit !== undefined) return unfit;
  const where = await canonical(github);
  if (where.status !== 'ok') return where.failure;
  if (where.data.archived)
    return refused('The repository is archived on GitHub', 'Unarchive it, or change the remote.');
  const found = await open(github, where.data, request);
  if (!('pull' in found)) return found;
  const { pull, created, warnings } = found;
  if (request.label !== '') {
    const label = { number: pull.number, label: request.label, has: pull.labels };
    const warning = await putLabel(github, where.data, label);
    if (warning !== undefined) warnings.push(warning);
  }
  return { status: 'open', url: pull.url, number: pull.number, created, draft: pull.draft, warnings };
}

/** Without its trailer a pull request would not be known again, and the next run would open a second one. */
function tooLong(request: PullRequestRequest): GitHubFailure | undefined {
  const { title, body } = request;
  if (!hasTrailer(body, request))
    throw new Error(`The body of the pull request lacks the trailer "${trailerOf(request)}".`);
  for (const [name, text] of Object.entries({ title, body })) {
    const limit = name === 'title' ? LONGEST.title : LONGEST.body;
    if (text.length > limit)
      return refused(
        `The ${name} of the pull request has ${text.length} characters and GitHub takes ${limit}`,
        `Shorten the ${name}.`,
      );
  }
  return undefined;
}

interface Found {
  pull: PullRequestDetails;
  created: boolean;
  warnings: string[];
}

async function open(github: GitHub, where: Canonical, request: PullRequestRequest): Promise<Found | GitHubFailure> {
  const warnings: string[] = [];
  let { draft, title } = request;
  let lost: Problem | undefined;
  for (let creations = 0; ; ) {
    const there = await look(github, where, request, lost === undefined ? 1 : LOOKS);
    if (there !== undefined && !('pull' in there)) return there;
    if (there !== undefined) {
      const ours = lost?.mayHaveHappened === true && isOurs(there.pull, request);
      if (ours) return { pull: there.pull, created: true, warnings };
      const adopted = await adopt(github, where, request, there.pull);
      return 'pull' in adopted ? { ...adopted, warnings: [...warnings, ...adopted.warnings] } : adopted;
    }
    if (lost !== undefined && creations >= CREATIONS) return unclear(request.branch, lost);
    const made = await create(github, where, { ...request, draft, title });
    creations++;
    if (made.status === 'ok') return { pull: made.data, created: true, warnings };
    if (draft && isDraftRefusal(made)) {
      // At night a visible pull request is worth more than none; nobody shall take it for a finished one.
      warnings.push('This repository has no draft pull requests; it was opened as a normal one, marked in its title.');
      title = `${DRAFT_PREFIX}${title}`.slice(0, LONGEST.title);
      draft = false;
      creations--;
      continue;
    }
    // A branch pushed a moment ago may not be known everywhere at GitHub yet.
    const early = isUnknownHead(made) && creations < CREATIONS;
    if (early) await github.sleep(LOOK_AGAIN_MS * 2);
    else if (!made.mayHaveHappened && !alreadyExists(made)) return made.failure;
    else lost = made;
  }
}

/** Nothing is known to be there, nothing is known to be wrong: to be asked again later, which begins with looking. */
function unclear(branch: string, { failure }: Problem): GitHubFailure {
  if (failure.status === 'unreachable') return failure;
  return { status: 'unreachable', why: `GitHub says there is a pull request of ${branch} already, but lists none yet` };
}

/** The open pull request of the branch, or why there shall be none; undefined when there is none. */
async function look(
  github: GitHub,
  where: Canonical,
  request: PullRequestRequest,
  times: number,
): Promise<{ pull: PullRequestDetails } | GitHubFailure | undefined> {
  for (let time = 1; time <= times; time++) {
    // What was just made may take a moment to be listed.
    if (times > 1) await github.sleep(growingPause(time, { firstMs: LOOK_AGAIN_MS }));
    const found = await pullRequestsOf(github, where, request.branch);
    if (found.status !== 'ok') return found.failure;
    const pull = found.items.find(({ state }) => state === 'open');
    if (pull !== undefined) return { pull };
    const decided = found.items.find((one) => isOurs(one, request));
    if (decided !== undefined)
      return refused(
        `Pull request ${decided.number} of this round was ${decided.state} already (${decided.url})`,
        'A person decided about it; start a new round to propose again.',
      );
  }
  return undefined;
}

function create(github: GitHub, where: Canonical, { title, body, branch, base, draft }: PullRequestRequest) {
  return github.ask({
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls',
    parameters: { owner: where.owner, repo: where.repo, title, body, head: branch, base, draft },
    answer: pullRequestIn(where),
    what: 'open the pull request',
    needs: 'pull requests: write',
  });
}

/** Brings the text of a pull request that is ours up to date; one that a person opened from our branch keeps theirs. */
async function adopt(
  github: GitHub,
  where: Canonical,
  request: PullRequestRequest,
  pull: PullRequestDetails,
): Promise<Found | GitHubFailure> {
  const warnings: string[] = [];
  if (pull.base !== request.base)
    warnings.push(`Pull request ${pull.number} goes into ${pull.base}, not into ${request.base}; it was left so.`);
  if (request.draft && !pull.draft)
    warnings.push(`Pull request ${pull.number} is not a draft, although this proposal asks for one.`);
  if (!request.draft && pull.draft) warnings.push(`Pull request ${pull.number} is still a draft; it was left so.`);
  if (!isOurs(pull, request))
    warnings.push(`Pull request ${pull.number} was opened without our report; its text was left alone.`);
  else if (normal(pull.body) !== normal(request.body)) {
    const updated = await github.ask({
      method: 'PATCH',
      path: '/repos/{owner}/{repo}/pulls/{number}',
      parameters: { owner: where.owner, repo: where.repo, number: pull.number, body: request.body },
      answer: pullRequestIn(where),
      what: `update the text of pull request ${pull.number}`,
      needs: 'pull requests: write',
      repeatable: true,
    });
    if (updated.status !== 'ok') {
      // An old text claims old evidence: what passes is tried again later, what does not is said.
      if (updated.failure.status === 'unreachable' || updated.failure.status === 'rate_limited') return updated.failure;
      warnings.push(`The text of pull request ${pull.number} is an older one: ${updated.failure.why}.`);
    }
  }
  return { pull, created: false, warnings };
}

function isOurs(pull: PullRequestDetails, request: PullRequestRequest): boolean {
  return hasTrailer(pull.body, request);
}

function trailerOf({ trailer, incident, round }: PullRequestRequest): string {
  return trailer ?? `${INCIDENT_TRAILER}: ${incidentTrailer(incident, round)}`;
}

/** GitHub's web forms end lines with CR LF. */
function hasTrailer(body: string, request: PullRequestRequest): boolean {
  return body.split(/\r?\n/).includes(trailerOf(request));
}

function alreadyExists({ findings }: Problem): boolean {
  return findings.some(({ message }) => /pull request already exists/i.test(message));
}

function isUnknownHead({ findings }: Problem): boolean {
  return findings.length === 1 && findings.every(({ field, code }) => field === 'head' && code === 'invalid');
}

function isDraftRefusal({ http, message, findings }: Problem): boolean {
  return (
    http === 422 &&
    [message, ...findings.map((one) => one.message)].some((text) => /draft pull requests are not supported/i.test(text))
  );
}

function normal(text: string): string {
  return text.replace(/\r\n/g, '\n').trim();
}

function refused(why: string, next: string): GitHubFailure {
  return { status: 'refused', why, next };
}
