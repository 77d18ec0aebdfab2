/** A proposal as publishing leaves it: a commit of a proven tree on its branch, pushed, with its rows and its pull request. */

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { type Following, followAll } from '../../../healer/following/follower.ts';
import type { LogFields } from '../../../healer/intake/log.ts';
import { makeCommit } from '../../../healer/publishing/commit.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import { setDiagnosis } from '../../../store/diagnoses.ts';
import { proposalOf, rememberCommit, saveProposal } from '../../../store/proposals.ts';
import { standingOf } from '../../../store/standings.ts';
import type { IncidentStatus } from '../../../store/states.ts';
import { appendVerification } from '../../../store/verifications.ts';
import { mergePullAs } from '../publishing/github/loopback-review.ts';
import { serveGitHub, shop } from '../publishing/on-github.ts';
import { DIAGNOSIS, PROJECT, WORDS } from '../sample-fix.ts';
import { benchOn, commit, freshFolder, run } from '../sample-repository.ts';

export const FIXED = PROJECT['src/tenant.js'].replace('session.tenantId', 'session?.tenantId ?? null');
const CHECK = { status: 'pass', findings: [], evidence: [] };

/** Takes an incident from where it is to `proposed`, by the legal way. */
export async function walk(bench: Workbench, incident: string, ...states: IncidentStatus[]): Promise<void> {
  for (const to of states) {
    const moved = await bench.incidents.transition({ incident, to, who: 'test', why: `on its way to ${to}` });
    if (!moved.ok) throw new Error(`${incident} cannot become ${to}: ${JSON.stringify(moved)}`);
  }
}

export interface ProposedOptions {
  /** Of the base. */
  files?: Record<string, string>;
  /** Of the fix; default the source alone. */
  fix?: (incident: string) => Record<string, string>;
  pull?: boolean;
}

export async function proposed({ files = {}, fix = () => ({}), pull = true }: ProposedOptions = {}) {
  const sample = await shop({ files });
  const { bench, incident, root, repository, remote } = sample;
  const { github, env, nobody } = await serveGitHub(remote);
  const branch = `hotfix/auto-${incident.slice(4)}`;
  const base = run(root, 'rev-parse', 'main');
  const tree = treeWith(root, { 'src/tenant.js': FIXED, ...fix(incident) });
  const { error } = (await bench.incidents.get(incident)) ?? { error: '' };
  const request = { incident, round: 1, base, tree, title: WORDS.title, error, at: bench.now() };
  const made = await makeCommit(repository, request);
  const at = bench.now().toISOString();
  setDiagnosis(bench.db, { incident, round: 1, ...DIAGNOSIS, at });
  const result = {
    ...{ verdict: 'pass', tree, iteration: 1, needs_person: [], draft: false },
    checks: Object.fromEntries(
      ['guardrails', 'reproduction', 'scenarios', 'invariants', 'blast_radius', 'anti_patterns'].map((name) => [
        name,
        CHECK,
      ]),
    ),
  };
  appendVerification(bench.db, {
    ...{
      id: randomUUID(),
      incident,
      round: 1,
      run: null,
      iteration: 1,
      tree,
      verdict: 'pass',
      result,
      by: 'parent',
      at,
    },
  });
  rememberCommit(bench.db, { incident, round: 1, commit: made, at });
  run(root, 'update-ref', `refs/heads/${branch}`, made);
  run(root, 'push', '--quiet', 'origin', `${made}:refs/heads/${branch}`);
  const opened = pull ? github.addPull({ branch, title: WORDS.title, author: 'healer-bot' }) : undefined;
  const url = opened ? `https://github.com/acme/shop/pull/${opened.number}` : null;
  saveProposal(bench.db, {
    ...{ incident, round: 1, branch, commit: made, tree, url, base_branch: 'main', at, ...WORDS },
    status: opened ? 'pull_request' : 'pushed',
  });
  const { status } = (await bench.incidents.get(incident)) ?? {};
  if (status === 'detected') await walk(bench, incident, 'queued');
  await walk(bench, incident, 'healing', 'verified', 'proposed');
  const logged: ({ event: string } & LogFields)[] = [];
  let following = freshFollowing();
  let present = bench;
  return {
    ...sample,
    ...{ github, env, nobody, branch, base, tree, commit: made, pull: opened, logged },
    get bench() {
      return present;
    },
    /** Another process goes on: what the one before held in memory is gone. */
    async restart() {
      present = await benchOn(repository);
      following = freshFollowing();
    },
    look: (environment: Record<string, string> = env) =>
      followAll(
        { bench: present, env: environment, log: (_level, event, fields) => void logged.push({ event, ...fields }) },
        following,
      ),
    status: async () => (await present.incidents.get(incident))?.status,
    history: () => present.incidents.transitions(incident),
    stands: () => standingOf(present.db, incident, 1)?.line ?? '',
    proposal: () => proposalOf(present.db, incident, 1),
    mergeAs(method: 'merge' | 'squash' | 'rebase', by = 'grace') {
      if (opened === undefined) throw new Error('There is no pull request');
      return mergePullAs(github.state, opened, { by, method, now: '2026-12-01T10:00:00Z' });
    },
  };
}

function freshFollowing(): Following {
  return { cache: new Map(), memory: { laws: new Map(), elsewhere: new Map() }, signal: new AbortController().signal };
}

/** The tree of main with these files in it; nothing else of the repository changes. */
export function treeWith(root: string, files: Record<string, string>): string {
  const folder = freshFolder('tree');
  run(root, 'worktree', 'add', '--quiet', '--detach', folder, 'main');
  commit(folder, files);
  const tree = run(folder, 'rev-parse', 'HEAD^{tree}');
  run(root, 'worktree', 'remove', '--force', folder);
  return tree;
}

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

/** A store of logs, as GitHub redirects to; answers with the address of one. */
export async function logStore(): Promise<(text: string) => string> {
  const logs: string[] = [];
  const server = createServer((request, response) => response.end(logs[Number(request.url?.slice(1))] ?? ''));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return (text) => `http://127.0.0.1:${port}/${logs.push(text) - 1}`;
}
