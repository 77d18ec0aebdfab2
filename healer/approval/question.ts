/**
 * What a person is asked: computed from rows whenever it is needed, so that a restart changes nothing. Each asking has a key
 * of its own: an answer to another round, another tree or an earlier asking is no answer to this one.
 */
import { createHash } from 'node:crypto';
import type { Config } from '../../context/schemas/config.ts';
import { type ErrorEvent, eventSchema } from '../../events/event.ts';
import { CHECK_NAMES, CHECK_TITLES, type CheckStatus } from '../../gate/verification.ts';
import { type ApprovalDecision, decisionsOf, type Gate } from '../../store/approvals.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import type { IncidentRecord, Transition } from '../../store/incidents.ts';
import type { Database } from '../../store/sqlite.ts';
import { latestVerification } from '../../store/verifications.ts';
import { applyOverrides } from '../fixes/overrides.ts';
import { storedVerificationSchema } from '../fixes/verified-tree.ts';
import { lookAtKept } from '../incidents/kept-change.ts';
import type { Workbench } from '../workbench.ts';
import { changesOfTree } from './details.ts';

/** What names an asking, and when it was asked: cheap, from rows alone. */
export interface Asking {
  /** 16 hex digits. */
  key: string;
  incident: string;
  round: number;
  gate: Gate;
  /** Git tree id; undefined at the start gate. */
  tree: string | undefined;
  /** Why a person is asked. */
  why: string;
  /** ISO 8601. */
  asked_at: string;
  /** Somebody answered, and what follows from it is not done yet. */
  decision: ApprovalDecision | undefined;
}

export interface Question extends Omit<Asking, 'decision'> {
  severity: string;
  /** Its tag in `services`, else its name. */
  service: string;
  error: string;
  /** `POST /api/products/list`, else the file and line. */
  path: string | undefined;
  /** Source lines and files of the fix; the publish gate alone. */
  change: { files: number; added: number; removed: number; others: number } | undefined;
  checks: { title: string; status: CheckStatus }[] | undefined;
  /** What a person has to look at besides, such as a weak reproduction. */
  raised: string[];
  /** https; of the source of the error. */
  link: string | undefined;
  /** A command that shows the change in the repository. */
  look: string | undefined;
  expires_at: string;
}

/** Undefined unless the incident waits for a person at one of the gates. */
export async function askingOf(bench: Workbench, record: IncidentRecord): Promise<Asking | undefined> {
  const gate = gateOf(record);
  if (gate === undefined) return undefined;
  const { incident, round, status } = record;
  const transitions = await bench.incidents.transitions(incident);
  const at = transitions.findLastIndex(({ to }) => to === status);
  const asked = transitions[at] as Transition;
  const decisions = decisionsOf(bench.db, incident, round);
  const open = decisions.findLast((one) => one.outcome === undefined && one.gate === gate);
  const tree = open ? (open.tree ?? undefined) : treeOf(bench, record, gate);
  const before = decisions.filter(({ outcome }) => outcome?.outcome === 'void');
  const again = before.findLast(({ outcome }) => (outcome?.at ?? '') >= asked.at)?.outcome;
  const key = open?.question ?? keyOf([incident, round, gate, at, tree ?? '', before.length]);
  const words = again ? `${asked.why}. Asked again: ${again.why}` : asked.why;
  return { key, incident, round, gate, tree, why: words, asked_at: again?.at ?? asked.at, decision: open };
}

export async function questionOf(
  bench: Workbench,
  record: IncidentRecord,
  { decision: _, ...asking }: Asking,
  settings: Config,
): Promise<Question> {
  const { approval, services } = settingsFor(settings, record, bench.db);
  const parsed = eventSchema.safeParse(record.event);
  const event = parsed.success ? parsed.data : undefined;
  const name = record.service ?? '';
  return {
    ...asking,
    severity: record.severity,
    service: services.find((service) => service.name === name)?.tag || name || 'unknown',
    error: record.error,
    path: event && pathOf(event),
    ...(asking.gate === 'publish' ? await shown(bench, asking, settings) : NOTHING_SHOWN),
    link: event?.url && /^https:\/\//.test(event.url) ? event.url : undefined,
    look: await lookAtKept(bench, record),
    expires_at: new Date(Date.parse(asking.asked_at) + approval.expires).toISOString(),
  };
}

/** The settings with what `overrides` say about this incident, its diagnosis included where `db` is given. */
export function settingsFor(config: Config, record: IncidentRecord, db?: Database): Config {
  const { source, service, files, incident, round } = record;
  const diagnosis = db && diagnosisOf(db, incident, round);
  return applyOverrides(config, {
    source,
    service: service ?? undefined,
    failure_type: diagnosis?.failure_type,
    files: [...files, ...(diagnosis?.affected_files ?? [])],
  });
}

export function gateOf({ status }: Pick<IncidentRecord, 'status'>): Gate | undefined {
  if (status === 'awaiting_start') return 'start';
  return status === 'awaiting_publish' ? 'publish' : undefined;
}

function keyOf(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

function treeOf({ db }: Workbench, { incident, round }: IncidentRecord, gate: Gate): string | undefined {
  return gate === 'publish' ? latestVerification(db, incident, round)?.tree : undefined;
}

function pathOf({ endpoint, file, line }: ErrorEvent): string | undefined {
  if (endpoint) return endpoint;
  return file ? `${file}${line ? `:${line}` : ''}` : undefined;
}

type Shown = Pick<Question, 'change' | 'checks' | 'raised'>;
const NOTHING_SHOWN: Shown = { change: undefined, checks: undefined, raised: [] };

async function shown(
  bench: Workbench,
  { incident, round, tree }: Omit<Asking, 'decision'>,
  config: Config,
): Promise<Shown> {
  const row = latestVerification(bench.db, incident, round);
  const stored = storedVerificationSchema.safeParse(row?.result);
  const checks = stored.success
    ? CHECK_NAMES.map((name) => ({ title: CHECK_TITLES[name], status: stored.data.checks[name].status }))
    : undefined;
  const raised = stored.success ? stored.data.needs_person : [];
  return { checks, raised, change: await changeOf(bench, incident, round, tree, config) };
}

async function changeOf(
  bench: Workbench,
  incident: string,
  round: number,
  tree: string | undefined,
  config: Config,
): Promise<Question['change']> {
  if (tree === undefined) return undefined;
  const changes = await changesOfTree(bench, { incident, round, tree, testPaths: config.tests.paths });
  // Git has collected the tree: publishing says so when it is tried.
  if (!changes) return undefined;
  const source = changes.filter(({ kind }) => kind === 'source');
  const sum = (name: 'added' | 'removed') => source.reduce((all, change) => all + change[name], 0);
  return {
    files: source.length,
    added: sum('added'),
    removed: sum('removed'),
    others: changes.length - source.length,
  };
}
