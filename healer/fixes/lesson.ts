/**
 * The lesson of a heal travels with its fix: one entry of `.self-healing/incidents.yaml` in the fix's own worktree, written
 * before the tree is verified, so that what is proposed is what was verified. An agent's or a person's words are never
 * touched; where there are none, the entry is drafted from what was recorded. The main checkout is never written.
 */
import { isDeepStrictEqual } from 'node:util';
import { addOrUpdateEntry } from '../../context/edit.ts';
import { composeLaw } from '../../context/law/compose.ts';
import { folderLawFiles, INCIDENTS_FILE } from '../../context/law/files.ts';
import { incidentEntrySchema, isAbout, type PastIncident } from '../../context/schemas/incidents.ts';
import type { Scenario } from '../../context/schemas/scenarios.ts';
import { ConfigurationError, UserError } from '../../events/errors.ts';
import { redact } from '../../events/redact.ts';
import { classifier } from '../../gate/change-kind.ts';
import { changesBetween } from '../../gate/changes.ts';
import { findSecrets } from '../../gate/secrets.ts';
import { treeOf } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { openCache } from '../../store/cache.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import type { Workbench } from '../workbench.ts';
import type { OpenFix } from './open-fix.ts';
import { requestOf } from './proposal-request.ts';
import { currentTree } from './verified-tree.ts';

export type Lesson =
  | { status: 'drafted'; id: string; line: number }
  /** Somebody wrote it, or the draft says the same as before: nothing was written. */
  | { status: 'kept'; id: string }
  | { status: 'left_out'; why: string };

const COMMENT =
  'Drafted by self-healing from the diagnosis and the change: put it into your own words, the lesson above all. With a match, an anti_pattern is looked for in every later fix.';
/** Characters of one field. */
const LONGEST = 600;

/** Throws what reading the worktree throws; a memory that cannot be written keeps no fix from being judged. */
export async function writeLesson(bench: Workbench, fix: OpenFix, signal?: AbortSignal): Promise<Lesson> {
  // Uncommitted law is the person's own: a second copy of their file in a pull request would collide with it.
  if (fix.law.source !== 'commit')
    return leftOut(
      fix.law.source === 'defaults'
        ? 'the repository has no .self-healing/; `self-healing init` sets it up'
        : '.self-healing/ is not committed yet',
    );
  const diagnosis = diagnosisOf(bench.db, fix.incident, fix.round);
  if (!diagnosis) return leftOut('no diagnosis is recorded');
  const files = await changedSources(bench, fix, signal);
  if (files.length === 0) return leftOut('no source file is changed');

  try {
    const { incidents, scenarios, problems } = composeLaw(await folderLawFiles(fix.worktree));
    if (problems.some(({ file }) => file === INCIDENTS_FILE)) return leftOut(`${INCIDENTS_FILE} has errors`);
    const taken = new Set(fix.law.incidents.map(({ id }) => id));
    const written = incidents.find(({ id }) => isAbout(id, fix.incident) && !taken.has(id));
    const drafts = openCache(bench.db, 'lesson_drafts', bench.now);
    const key = `${fix.incident}/${fix.round}`;
    if (written && !sameEntry(written, drafts.get(key))) return { status: 'kept', id: written.id };

    const { summary } = requestOf(bench, fix.incident, fix.round) ?? {};
    const reproduction = scenarios.find(({ incident }) => incident === fix.incident);
    const entry = await withoutSecrets({
      id: written?.id ?? freeId(fix.incident, taken),
      date: written?.date ?? bench.now().toISOString().slice(0, 10),
      error: `${fix.event.type}: ${fix.event.message}`.replace(/^: /, ''),
      files,
      root_cause: diagnosis.root_cause,
      fix: summary ?? changeInWords(files, reproduction),
      ...lessonOf(reproduction),
    });
    if (written && sameEntry(written, entry)) return { status: 'kept', id: written.id };
    const edit = { folder: fix.worktree, layer: 'incidents', entry, comment: COMMENT, base: fix.law } as const;
    const { line } = await addOrUpdateEntry(edit);
    drafts.set(key, entry);
    return { status: 'drafted', id: entry.id, line };
  } catch (error) {
    if (error instanceof ConfigurationError || error instanceof UserError) return leftOut(error.message);
    throw error;
  }
}

function leftOut(why: string): Lesson {
  return { status: 'left_out', why };
}

async function changedSources(bench: Workbench, fix: OpenFix, signal: AbortSignal | undefined): Promise<string[]> {
  const workspace = await openWorkspace(bench.repository);
  const base = await treeOf(workspace, fix.base.commit);
  const tree = await currentTree(bench, fix, signal);
  if (tree === base) return [];
  const changes = await changesBetween(workspace, base, tree, classifier(fix.law.config.tests.paths));
  return changes.flatMap(({ path, kind }) => (kind === 'source' ? [path] : []));
}

/** An id of the base may not be used again: the same error in a later round gets a number. */
function freeId(incident: string, taken: ReadonlySet<string>): string {
  if (!taken.has(incident)) return incident;
  for (let number = 2; ; number++) if (!taken.has(`${incident}-${number}`)) return `${incident}-${number}`;
}

function sameEntry({ origin: _, ...written }: PastIncident, other: unknown): boolean {
  const parsed = incidentEntrySchema.safeParse(other);
  return parsed.success && isDeepStrictEqual(written, parsed.data);
}

function changeInWords(files: readonly string[], reproduction: Scenario | undefined): string {
  const held = reproduction ? `; scenario ${reproduction.id} holds it: ${reproduction.name}` : '';
  return `changed ${files.join(', ')}${held}`;
}

/** What the scenario says that reproduces it; a lesson that nobody wrote is not made up. */
function lessonOf(reproduction: Scenario | undefined): { lesson?: string } {
  if (!reproduction) return {};
  const { name, why, constraint } = reproduction;
  const said = [why, constraint].filter((text) => text !== '').join('; ');
  return { lesson: said === '' ? name : `${name}: ${said}` };
}

type Draft = { id: string; date: string; error: string; files: string[] } & Partial<
  Record<'root_cause' | 'fix' | 'lesson', string>
>;

/** It is read by others: one line each, redacted, and left out where something still looks like a secret. */
async function withoutSecrets(draft: Draft): Promise<Draft> {
  const clean = { ...draft };
  for (const key of ['error', 'root_cause', 'fix', 'lesson'] as const) {
    const text = draft[key];
    if (text === undefined) continue;
    const line = redact(text.replace(/\s+/g, ' ').trim(), { ips: true });
    const short = line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
    const leaks = await findSecrets(`${key}: ${short}`, INCIDENTS_FILE);
    if (short !== '' && leaks.length === 0) clean[key] = short;
    else if (key === 'error') clean.error = draft.id;
    else delete clean[key];
  }
  return clean;
}
