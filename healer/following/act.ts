/**
 * Carries out what a look came to. A row stands before anything follows from it, and each is unique, so that whatever is
 * begun twice, or cut off and begun again, has one effect.
 */
import { describeError } from '../../events/errors.ts';
import { oneLine } from '../../events/plain-text.ts';
import { redact } from '../../events/redact.ts';
import { addFollowUp, timesProposed } from '../../store/follow-ups.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { addMerge, mergeOf } from '../../store/merges.ts';
import { type Proposal, updateProposal } from '../../store/proposals.ts';
import { saveComment, saveStanding, standingOf } from '../../store/standings.ts';
import { commitMessage } from '../publishing/commit.ts';
import { reject } from '../publishing/reject.ts';
import { putSection } from '../publishing/report/section.ts';
import type { Workbench } from '../workbench.ts';
import { commentMark, commentText, conditionRows } from './comment.ts';
import { putComment, readComments } from './github/people.ts';
import { mergePull } from './github/pull.ts';
import type { Followed, Look } from './look.ts';
import type { GitHubLook } from './look-github.ts';
import { pendingOn } from './pending.ts';

export interface Acting {
  bench: Workbench;
  record: IncidentRecord;
  followed: Followed;
  /** Undefined for a branch without a pull request. */
  github: GitHubLook | undefined;
}

/** Answers with what happened, for the log; undefined when nothing did. Throws what the database throws. */
export async function act(acting: Acting, look: Look): Promise<string | undefined> {
  const { bench, record, followed } = acting;
  const { proposal } = followed;
  switch (look.do) {
    case 'nothing': {
      const { failure } = look;
      if (failure.status === 'not_permitted' || failure.status === 'refused')
        stand(bench, proposal, `cannot be followed: ${failure.why}`);
      return undefined;
    }
    case 'merged':
      return noteMerge(acting, look);
    case 'reject':
      return noteRejection(acting, look);
    case 'rework': {
      if (record.status !== 'proposed') return undefined;
      const { incident, round } = proposal;
      const at = bench.now().toISOString();
      const version = timesProposed(bench.db, incident, round);
      for (const found of look.found) addFollowUp(bench.db, { incident, round, proposal: version, at, ...found });
      return takeUpAgain(bench, record);
    }
    case 'merge':
      return record.status === 'proposed' ? mergeIt(acting, look) : undefined;
    case 'wait': {
      const gone = record.status === 'dismissed';
      if (!gone && record.status !== 'proposed') return undefined;
      const told = gone ? { line: GONE, say: true, conditions: undefined } : look;
      const changed = stand(bench, proposal, told.line);
      await say(acting, told);
      if (told.conditions && changed) await report(bench, proposal, conditionRows(told.conditions));
      return changed ? told.line : undefined;
    }
    default:
      return look satisfies never;
  }
}

/** What was found and not worked on yet takes it back to the queue; also after a process was killed between the two. */
export async function takeUpAgain(bench: Workbench, record: IncidentRecord): Promise<string | undefined> {
  const { incident, round } = record;
  const pending = pendingOn(bench.db, incident, round);
  if (record.status !== 'proposed' || pending === undefined) return undefined;
  const why = oneLine(redact(pending.why, { ips: true }), 300);
  const moved = await bench.incidents.transition({ incident, to: 'queued', from: ['proposed'], who: 'following', why });
  if (!moved.ok) return undefined;
  stand(bench, record, `back to work: ${why}`);
  return `queued: ${why}`;
}

async function noteMerge(
  { bench, record, followed: { proposal } }: Acting,
  { merge, line }: Extract<Look, { do: 'merged' }>,
): Promise<string | undefined> {
  const { incident, round } = proposal;
  addMerge(bench.db, { incident, round, ...merge, at: bench.now().toISOString() });
  // A row of before a crash is what counts.
  const known = mergeOf(bench.db, incident, round) ?? merge;
  if (!(await backToProposed(bench, record))) {
    updateProposal(bench.db, incident, round, { status: 'merged' });
    stand(bench, proposal, `${line}; the incident stays ${record.status}`);
    return line;
  }
  const { commit, merged_by: who, unchanged, url } = known;
  const why = `merged as ${commit.slice(0, 12)}${unchanged ? '' : ', changed by people'}${url === null ? '' : `, ${url}`}`;
  const moved = await bench.incidents.transition({
    ...{ incident, to: 'merged', from: ['proposed'] },
    who: oneLine(redact(who, { ips: false }), 100),
    why: oneLine(why, 300),
  });
  updateProposal(bench.db, incident, round, { status: 'merged' });
  stand(bench, proposal, line);
  return moved.ok ? line : undefined;
}

/** People decided before the work on it began again, or while it waited. False for one that was handed over. */
async function backToProposed(bench: Workbench, { incident, status }: IncidentRecord): Promise<boolean> {
  if (status === 'proposed') return true;
  if (status !== 'queued' && status !== 'awaiting_publish') return false;
  const why = 'the pull request was decided about meanwhile';
  const moved = await bench.incidents.transition({ incident, to: 'proposed', from: [status], who: 'following', why });
  return moved.ok;
}

async function noteRejection(
  { bench, record, followed: { proposal } }: Acting,
  { who, why }: Extract<Look, { do: 'reject' }>,
): Promise<string> {
  const { incident, round } = proposal;
  const line = `rejected by ${who.replace(/^github:/, '')}: ${why}`;
  if (await backToProposed(bench, record)) await reject(bench, { incident, who, why });
  else updateProposal(bench.db, incident, round, { status: 'rejected' });
  stand(bench, proposal, line);
  return line;
}

const GONE = 'superseded: the error is gone on the base; its pull request can be closed';
const REFUSED = 'not merged by itself, because GitHub refused: ';
const ASK_AGAIN_MS = 15 * 60_000;

async function mergeIt(
  acting: Acting,
  { conditions, line }: Extract<Look, { do: 'merge' }>,
): Promise<string | undefined> {
  const { bench, record, followed, github } = acting;
  const { proposal, parent } = followed;
  if (github === undefined) return undefined;
  const { incident, round, commit, tree, title } = proposal;
  const at = bench.now();
  const before = standingOf(bench.db, incident, round);
  const refusedLately = before?.line.startsWith(REFUSED) && Date.parse(before.at) > at.getTime() - ASK_AGAIN_MS;
  if (refusedLately) return undefined;
  // Before it is asked for: whoever finds it merged knows that we did it.
  addFollowUp(bench.db, {
    ...{ incident, round, key: `auto_merge:${commit}`, kind: 'auto_merge', at: at.toISOString() },
    proposal: timesProposed(bench.db, incident, round),
    payload: { conditions },
  });
  stand(bench, proposal, line);
  await report(bench, proposal, conditionRows(conditions));
  await say(acting, { line, say: true, conditions });
  const message = commitMessage({ incident, round, base: parent, tree, title, error: record.error, at });
  const merged = await mergePull(github.github, github.where, { number: github.number, head: commit, message });
  if (merged.status === 'ok') return `merged as ${merged.data.slice(0, 12)}`;
  const refused = `${REFUSED}${merged.failure.why}`;
  stand(bench, proposal, refused);
  await say(acting, { line: refused, say: true, conditions });
  return refused;
}

function stand(bench: Workbench, { incident, round }: Pick<Proposal, 'incident' | 'round'>, line: string): boolean {
  return saveStanding(bench.db, {
    ...{ incident, round },
    line: oneLine(redact(line, { ips: true }), 1000),
    at: bench.now().toISOString(),
  });
}

/** On the pull request, where people should know; a comment that is there is kept up to date. */
async function say(
  { bench, followed: { proposal }, github }: Acting,
  look: Pick<Extract<Look, { do: 'wait' }>, 'line' | 'say' | 'conditions'>,
): Promise<void> {
  const { incident, round } = proposal;
  const known = standingOf(bench.db, incident, round);
  if (github === undefined || known === undefined || (!look.say && known.comment === '')) return;
  const comment = commentText(proposal, look);
  if (comment === known.comment) return;
  const { number } = github;
  let id = known.comment_id;
  if (id === null) {
    // An earlier process may have written it and been killed before it could say so.
    const there = await readComments(github.github, github.where, number);
    if (there.status !== 'ok') return;
    id = there.data.find(({ body }) => body.includes(commentMark(proposal)))?.id ?? null;
  }
  const put = await putComment(github.github, github.where, { number, body: comment, known: id });
  if (put.status === 'ok') saveComment(bench.db, { incident, round, comment_id: put.data, comment });
}

async function report(bench: Workbench, { incident }: Proposal, rows: readonly string[]): Promise<void> {
  await putSection(bench.repository, incident, { title: 'Auto-merge', lines: rows }).catch((error: unknown) => {
    throw new Error(`The report could not be written: ${describeError(error).message}`);
  });
}
