/**
 * Takes a fix back that made things worse: a pull request that reverts it, or the command of the settings. Its row is there
 * before anything is done, so that nothing is done twice, whenever the process ends.
 */
import type { Config } from '../../context/schemas/config.ts';
import { describeError } from '../../events/errors.ts';
import { clip, oneLine } from '../../events/plain-text.ts';
import { redact } from '../../events/redact.ts';
import { diffText } from '../../gate/changes.ts';
import { runGroup } from '../../gate/process-group.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { type Merge, mergeOf } from '../../store/merges.ts';
import { proposalOf } from '../../store/proposals.ts';
import { addRefusedDiff } from '../../store/refused-diffs.ts';
import {
  beginRollback,
  decideRollback,
  endRollback,
  noteRevert,
  postponeRollback,
  type Rollback,
  rollbackOf,
} from '../../store/rollbacks.ts';
import { growingPause } from '../growing-pause.ts';
import { publishRevert } from '../publishing/revert.ts';
import type { Workbench } from '../workbench.ts';

export interface RollbackOptions {
  config: Config;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

export type RolledBack =
  /** `what`: one sentence, without its last period. `url`: where a person looks at it. */
  | { outcome: 'done'; what: string; url: string | null }
  | { outcome: 'later'; why: string }
  /** A person has to do it. */
  | { outcome: 'failed'; why: string };

const COMMAND_MS = 10 * 60_000;
const OUTPUT = 20_000;
const NETWORK_MS = 60_000;
const PAUSES = { firstMs: 5_000, longestMs: 5 * 60_000 };
/** A bad fix is live: after this a person does it. */
const GIVE_UP_MS = 60 * 60_000;

/** Once for a round: the first reason stays, and its diff is remembered so that no later fix repeats it. */
export async function decide(bench: Workbench, record: IncidentRecord, mode: Rollback['mode'], why: string) {
  const { incident, round } = record;
  const at = bench.now().toISOString();
  const diff = await diffOf(bench, record);
  bench.db.tx(() => {
    if (!decideRollback(bench.db, { incident, round, mode, why, at }) || diff === '') return;
    addRefusedDiff(bench.db, { incident, round, reason: `rolled back after its deploy: ${why}`, diff, at });
  });
}

/** What was proposed, else what the merge brought; empty where git knows neither. */
async function diffOf(bench: Workbench, { incident, round }: IncidentRecord): Promise<string> {
  const workspace = await openWorkspace(bench.repository);
  const commits = [proposalOf(bench.db, incident, round)?.commit, mergeOf(bench.db, incident, round)?.commit];
  for (const commit of commits) {
    const diff = commit && (await diffText(workspace, `${commit}^1`, commit).catch(() => ''));
    if (diff) return diff;
  }
  return '';
}

export async function rollBack(
  bench: Workbench,
  record: IncidentRecord,
  options: RollbackOptions,
): Promise<RolledBack> {
  const rollback = rollbackOf(bench.db, record.incident, record.round);
  if (!rollback) throw new Error(`No rollback of ${record.incident}/${record.round} was decided`);
  const done = await carriedOut(bench, record, rollback, options);
  if (done.outcome !== 'later')
    endRollback(bench.db, record, {
      state: done.outcome,
      outcome: done.outcome === 'done' ? done.what : done.why,
      url: done.outcome === 'done' ? done.url : null,
    });
  return done;
}

async function carriedOut(
  bench: Workbench,
  record: IncidentRecord,
  rollback: Rollback,
  options: RollbackOptions,
): Promise<RolledBack> {
  const { state, mode, outcome, url, due_at_ms } = rollback;
  if (state === 'done') return { outcome: 'done', what: outcome, url };
  if (state === 'failed') return { outcome: 'failed', why: outcome };
  if (due_at_ms > bench.now().getTime()) return { outcome: 'later', why: outcome };
  switch (mode) {
    case 'off':
      return { outcome: 'failed', why: 'watch.rollback.mode is off' };
    case 'command':
      return runCommand(bench, record, rollback, options);
    case 'propose':
      return proposeRevert(bench, record, rollback, options);
    default:
      return mode satisfies never;
  }
}

async function runCommand(
  bench: Workbench,
  record: IncidentRecord,
  rollback: Rollback,
  { config, env }: RollbackOptions,
): Promise<RolledBack> {
  const [program, ...args] = config.watch.rollback.command;
  if (program === undefined) return { outcome: 'failed', why: 'watch.rollback.command is empty' };
  if (!beginRollback(bench.db, record))
    return {
      outcome: 'failed',
      why: `${program} was started, and cut off before its end was seen; it is not started again`,
    };
  const own = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const result = await runGroup(
    { argv: [program, ...args] },
    {
      cwd: bench.repository.root,
      env: {
        ...Object.fromEntries(own),
        ROLLBACK_INCIDENT: record.incident,
        ROLLBACK_COMMIT: mergeOf(bench.db, record.incident, record.round)?.commit ?? '',
        ROLLBACK_REASON: rollback.why,
      },
      // Our own end does not cut it off: half a rollback is worse than a late end.
      timeoutMs: COMMAND_MS,
    },
  );
  const said = redact(clip(result.output.trim(), OUTPUT), { ips: config.intake.redact_ips });
  const output = said === '' ? 'it printed nothing' : `it printed: ${said}`;
  if (result.exit === 0) return { outcome: 'done', what: `${program} was run once; ${output}`, url: null };
  const end =
    result.startError ??
    (result.timedOut
      ? `it was ended after ${COMMAND_MS / 60_000} minutes`
      : result.exit === null
        ? `a signal ended it (${result.signal})`
        : `exit code ${result.exit}`);
  return { outcome: 'failed', why: `${program} failed: ${end}; ${output}` };
}

async function proposeRevert(
  bench: Workbench,
  record: IncidentRecord,
  rollback: Rollback,
  { config, env, signal }: RollbackOptions,
): Promise<RolledBack> {
  const { incident, fingerprint, round } = record;
  const merge = mergeOf(bench.db, incident, round);
  if (merge === undefined) return { outcome: 'failed', why: 'it is not known by which commit the fix was merged' };
  const made = rollback.branch && rollback.commit ? { branch: rollback.branch, commit: rollback.commit } : undefined;
  const result = await publishRevert(bench, {
    ...{ incident, fingerprint, round, made, env: { ...env } },
    merge: merge.commit,
    base: proposalOf(bench.db, incident, round)?.base_branch ?? null,
    at: new Date(rollback.at),
    why: `Why: ${oneLine(rollback.why, 500)}.`,
    settings: config.publish,
    onMade: (branch, commit) => noteRevert(bench.db, record, branch, commit),
    network: { timeoutMs: NETWORK_MS, signal },
  }).catch((error: unknown) => ({ status: 'later' as const, why: describeError(error).message, afterMs: 0 }));
  switch (result.status) {
    case 'proposed': {
      const where = result.url ?? `${result.branch}${result.pushed ? ', pushed' : ', only here: there is no remote'}`;
      const more = result.hint === null ? '' : ` (${result.hint})`;
      return { outcome: 'done', what: `a revert of ${short(merge)} is proposed: ${where}${more}`, url: result.url };
    }
    case 'gone':
      return { outcome: 'done', what: `${short(merge)} is not in the branch any more: nothing to revert`, url: null };
    case 'failed':
      return { outcome: 'failed', why: result.why };
    case 'later': {
      const now = bench.now().getTime();
      if (now - Date.parse(rollback.at) >= GIVE_UP_MS) return { outcome: 'failed', why: result.why };
      const pause = growingPause(rollback.tries + 1, { ...PAUSES, askedMs: result.afterMs });
      postponeRollback(bench.db, record, result.why, new Date(now + pause));
      return { outcome: 'later', why: result.why };
    }
    default:
      return result satisfies never;
  }
}

function short({ commit }: Merge): string {
  return commit.slice(0, 12);
}
