/**
 * The gate: one verification of what lies in a folder, against the law of the base. Every check reports, so that one round
 * tells everything; the verdict is about exactly one tree, and about none if that tree changed meanwhile.
 */
import type { Law } from '../context/law.ts';
import { inForce } from '../context/law.ts';
import type { Repository } from '../context/repository.ts';
import { BUILT_IN_SCENARIO } from '../context/schemas/scenarios.ts';
import { prepareRules } from '../context/structure/rules.ts';
import type { ErrorEvent } from '../events/event.ts';
import { checkAntiPatterns, type RefusedDiff } from './anti-patterns.ts';
import { checkBlastRadius, findRadius } from './blast-radius.ts';
import { classifier } from './change-kind.ts';
import { type Change, changedLines, changesBetween, diffText } from './changes.ts';
import { type Checkout, openCheckout } from './checkout.ts';
import { composeTrees } from './compose.ts';
import { type CleanInstalls, cleanInstalls } from './dependencies/clean-install.ts';
import { environmentKey } from './environment-key.ts';
import { foreignLine } from './foreign-line.ts';
import { requireGenuineObjects } from './genuine-objects.ts';
import type { Diagnosis } from './guardrails/limits.ts';
import { checkGuardrails } from './guardrails.ts';
import { checkInvariants } from './invariants.ts';
import { type JudgedCheck, type JudgedFinding, judge } from './judged-finding.ts';
import { judgeAdditions } from './law-additions.ts';
import { compareDigests, digestMainCheckout, type MainDigest } from './main-checkout.ts';
import { findRelease } from './release.ts';
import type { ReleaseTree } from './reproduction/on-release.ts';
import { checkReproduction } from './reproduction.ts';
import { sandboxMode } from './runner/sandbox.ts';
import type { RunCache } from './scenarios/execution.ts';
import { checkScenarios } from './scenarios.ts';
import { blobText, snapshot, treeOf } from './tree.ts';
import { CHECK_NAMES, type Check, type CheckName, type Verdict, type Verification } from './verification.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export interface VerifyRequest {
  repository: Repository;
  /** The law of the base, as it was read when the fix was started. */
  law: Law;
  /** The base commit, by its full id. */
  base: string;
  /** What is verified: the worktree, or (without an incident) any checkout of the repository. */
  folder: string;
  /** The incident being healed. Without it any change is judged: reproduction, diagnosis, scope and size are skipped. */
  incident?: { id: string; event: ErrorEvent } | undefined;
  diagnosis?: Diagnosis | undefined;
  /** The main checkout as it was before the attempt, and the dependency folders it was digested with. */
  main?: { digest: MainDigest; links: readonly string[] } | undefined;
  refusedDiffs?: readonly RefusedDiff[];
  /** Keeps runs between verifications. Leave it out of the verification that publishing rests on. */
  cache?: RunCache | undefined;
  /**
   * Only a part of a fix: the reproduction, and that new cases are green, is owed by the whole alone. What was green stays
   * green with the part's source and the base's tests; all else is judged as always.
   */
  part?: boolean | undefined;
  /** Counted from 1. */
  iteration: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((step: VerifyStep) => void) | undefined;
}

/** Where a verification is: a check that begins, a command that is run, or another process that is waited for. */
export type VerifyStep =
  | { step: 'tree' | CheckName }
  | { step: 'command'; command: string; at: string }
  | { step: 'waiting'; pid: number };

export interface VerifyOutcome {
  verification: Verification;
  /** What the tree changes, file by file. */
  changes: Change[];
  /** The same as a unified diff. */
  diff: string;
  /** The reproduction is weak evidence: publishing always asks a person. */
  weak: boolean;
  /** Cases that are red on the base as well: the proposal should be a draft. */
  draft: boolean;
  /** Why a person has to decide about publishing. */
  needsPerson: string[];
}

/** Bytes of a diff that are kept; a fix is small. */
const DIFF_LIMIT = 1024 * 1024;

/** Throws UserError when the folder cannot be read as a tree, NotReadyError when another verification does not end. */
export async function verify(request: VerifyRequest): Promise<VerifyOutcome> {
  const { law, signal } = request;
  request.onProgress?.({ step: 'tree' });
  const workspace = await openWorkspace(request.repository);
  await requireGenuineObjects(workspace, [request.base]);
  const base = await treeOf(workspace, request.base);
  const mode = request.incident ? 'fix' : 'change';
  const { link, root } = law.config.worktree;
  const take = () => snapshot({ workspace, folder: request.folder, base, linked: [...link, `/${root}`], signal });
  const fix = await take();
  const classify = classifier(law.config.tests.paths);
  const changes = await changesBetween(workspace, base, fix, classify);
  if (changes.length === 0) return nothingChanged(request, fix);

  const trees = await composeTrees(workspace, base, fix, changes);
  prepareRules(law);
  const { edges } = law.impactMap;
  const { baseSource } = trees;
  // The checkout is made by processes that are waited for, the import graph by this one: side by side.
  const [opened, read] = await Promise.allSettled([
    openFor(request, workspace, base),
    Promise.all([
      changedLines(workspace, base, fix, changes),
      diffText(workspace, base, fix, { limit: DIFF_LIMIT }),
      judgeAdditions(workspace, law, fix, changes, mode),
      findRadius({ workspace, baseSource, changes, edges, config: law.config }),
    ]),
  ]);
  if (opened.status === 'rejected') throw opened.reason;
  const checkout = opened.value;
  const installs = 'problemOf' in checkout ? checkout : undefined;
  const cache = installs ? undefined : request.cache;
  try {
    if (read.status === 'rejected') throw read.reason;
    const [lines, diff, additions, radius] = read.value;
    const onRun = (command: string, at: string) => request.onProgress?.({ step: 'command', command, at });
    const shared = { law, added: additions.added.scenarios, changes, classify, checkout, trees, signal, onRun };

    request.onProgress?.({ step: 'reproduction' });
    const owed = request.incident !== undefined && !request.part;
    const notInstalled = owed && (await installs?.problemOf(fix));
    const reproduction =
      request.incident && owed
        ? await checkReproduction({
            ...shared,
            incident: request.incident.id,
            event: request.incident.event,
            diagnosis: request.diagnosis ?? { affected_files: [], failure_type: 'unknown' },
            others: notInstalled ? [notInstalled] : [],
            release: await releaseTree(workspace, request.incident.event.release, base, fix, changes),
          })
        : { ...skipped(), weak: false };

    // What was run for the same tree before serves a verdict that is only advice; the reproduction is always run.
    const memory = {
      cache,
      environmentKey: cache ? await environmentKey(request.repository, link, checkout.key) : '',
    };
    request.onProgress?.({ step: 'scenarios' });
    const scenarios = await checkScenarios({
      ...shared,
      law: installs ? withOneJob(law) : law,
      trees: request.part ? { ...trees, fix: trees.baseSource } : trees,
      incident: request.incident?.id,
      touched: changes.map(({ path }) => path),
      radius: radius.affected,
      ...memory,
    });

    request.onProgress?.({ step: 'invariants' });
    const invariants = await checkInvariants({
      workspace,
      checkout,
      trees,
      changes,
      invariants: law.invariants.filter(inForce),
      config: law.config,
      ...memory,
      signal,
    });

    request.onProgress?.({ step: 'blast_radius' });
    const executed = new Set(scenarios.executed.ids);
    const blastRadius = checkBlastRadius({
      radius,
      config: law.config,
      executed: {
        testFiles: scenarios.executed.testFiles,
        called: scenarios.executed.called,
        scenarioFiles: law.scenarios.filter(({ id }) => executed.has(id)).flatMap(({ files }) => files),
        wholeSuite: executed.has(BUILT_IN_SCENARIO),
      },
      testsBlocked: scenarios.check.status === 'fail' && !executed.has(BUILT_IN_SCENARIO),
    });

    request.onProgress?.({ step: 'anti_patterns' });
    const antiPatterns = await checkAntiPatterns({
      incidents: law.incidents.filter(inForce),
      changes,
      lines,
      textOf: (blob) => blobText(workspace, blob),
      diff,
      classify,
      refusedDiffs: request.refusedDiffs ?? [],
    });

    request.onProgress?.({ step: 'guardrails' });
    const [main, after] = await Promise.all([judgeMain(request), take()]);
    const guardrails = await checkGuardrails({
      workspace,
      folder: request.folder,
      base,
      fix,
      changes,
      lines,
      config: law.config,
      mode,
      diagnosis: request.diagnosis,
      others: [...additions.findings, ...main, ...judgeStillness(fix, after)],
    });

    const draft = scenarios.check.findings.some(({ code }) => code === 'scenarios.already_failing');
    const judged = {
      guardrails,
      reproduction,
      scenarios,
      invariants,
      blast_radius: blastRadius,
      anti_patterns: antiPatterns,
    };
    const judgement = outcome(request, fix, judged, { changes, diff, weak: reproduction.weak, draft });
    return { ...judgement, verification: { ...judgement.verification, sandbox: sandboxMode() } };
  } finally {
    await checkout.close();
  }
}

/** A fix of dependencies is judged with what its own lock file installs; every other with what is installed already. */
async function openFor(
  { repository, law, diagnosis, signal, onProgress }: VerifyRequest,
  workspace: Workspace,
  base: string,
): Promise<Checkout | CleanInstalls> {
  const clean = diagnosis?.failure_type === 'dependency_issue';
  const { worktree } = law.config;
  const opened = await openCheckout({
    repository,
    config: clean ? { ...worktree, setup: '', link: [] } : worktree,
    base,
    signal,
    onWait: (pid) => onProgress?.({ step: 'waiting', pid }),
  });
  return clean ? cleanInstalls(opened, workspace, worktree, signal) : opened;
}

function withOneJob(law: Law): Law {
  return { ...law, config: { ...law.config, tests: { ...law.config.tests, jobs: 1 } } };
}

/** Undefined when git does not know the release, or it is the base. */
async function releaseTree(
  workspace: Workspace,
  name: string | undefined,
  base: string,
  fix: string,
  changes: readonly Change[],
): Promise<ReleaseTree | undefined> {
  const found = await findRelease(workspace.repository, name);
  if (!found) return undefined;
  try {
    const release = await treeOf(workspace, found.commit);
    if (release === base) return undefined;
    return { name: found.name, tree: (await composeTrees(workspace, release, fix, changes)).baseTests };
  } catch (error) {
    // The event names it, so a history that is incomplete here must not keep a fix from being judged.
    return { name: found.name, why: `Its files cannot be read here: ${foreignLine(String(error))}` };
  }
}

async function judgeMain({ repository, main, signal }: VerifyRequest): Promise<JudgedFinding[]> {
  if (!main) return [];
  return compareDigests(main.digest, await digestMainCheckout(repository, { links: main.links, signal }));
}

function judgeStillness(before: string, after: string): JudgedFinding[] {
  if (before === after) return [];
  return [
    {
      severity: 'fail',
      code: 'guardrails.tree_changed',
      message: `The folder changed while it was verified: tree ${before.slice(0, 12)} is now ${after.slice(0, 12)}.`,
      next: 'Let nothing write there while it is verified, and verify again; the results are about the tree as it was.',
    },
  ];
}

function skipped(): JudgedCheck {
  return { check: { status: 'skipped', findings: [], evidence: [] }, needsPerson: [] };
}

function nothingChanged(request: VerifyRequest, tree: string): VerifyOutcome {
  const guardrails = judge([
    {
      severity: request.incident ? 'fail' : 'warn',
      code: 'guardrails.nothing_changed',
      message: `${request.folder} is the same as the base; there is nothing to verify. Files that .gitignore ignores do not count.`,
      next: request.incident
        ? 'Write the fix and a test that reproduces the incident, or dismiss the incident if nothing is wrong.'
        : 'Make a change first, or give another base.',
    },
  ]);
  const judged = {
    guardrails,
    reproduction: skipped(),
    scenarios: skipped(),
    invariants: skipped(),
    blast_radius: skipped(),
    anti_patterns: skipped(),
  };
  return outcome(request, tree, judged, { changes: [], diff: '', weak: false, draft: false });
}

function outcome(
  request: VerifyRequest,
  tree: string,
  judged: Record<CheckName, JudgedCheck>,
  rest: Omit<VerifyOutcome, 'verification' | 'needsPerson'>,
): VerifyOutcome {
  const checks = Object.fromEntries(CHECK_NAMES.map((name) => [name, judged[name].check])) as Record<CheckName, Check>;
  const verification = { verdict: verdictOf(checks), tree, iteration: request.iteration, checks };
  return { verification, needsPerson: CHECK_NAMES.flatMap((name) => judged[name].needsPerson), ...rest };
}

function verdictOf(checks: Record<CheckName, Check>): Verdict {
  const statuses = CHECK_NAMES.map((name) => checks[name].status);
  if (statuses.includes('refuse')) return 'refuse';
  return statuses.includes('fail') ? 'fail' : 'pass';
}
