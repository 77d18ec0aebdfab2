/**
 * Holds an error back that another one probably explains, so that one outage is one fix. It stays `detected`, and goes on
 * by the policy when its suspected root has ended, at the latest after `approval.expires`; a person, or `heal`, starts it
 * before. In one round it is held back once. No state leads back from `queued`: what was queued before the error that
 * explains it came keeps its place there, and the queue passes it over as long.
 */
import type { Config } from '../../context/schemas/config.ts';
import { eventSchema } from '../../events/event.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { type Link, linkOf, linksOfQueued, releaseLink, saveLink } from '../../store/links.ts';
import { INCIDENT_STATUSES, isEnded } from '../../store/states.ts';
import type { Workbench } from '../workbench.ts';
import { laterSuspectOf, type Seen, suspectOf } from './suspect.ts';

/** Who moves an incident that nobody has decided about. */
export const INTAKE = 'intake';
const OPEN = INCIDENT_STATUSES.filter((status) => !isEnded(status));
/** Only the newest are looked at: a storm of thousands must not be weighed each against each. */
const MOST_OTHERS = 300;
/** As deep as a cascade is followed. */
const MOST_LINKS = 50;
const saidSchema = eventSchema.pick({ type: true, message: true, source: true, trigger: true, frames: true });

/** What else is open, read once for as many as are admitted together. */
export type Others = () => Promise<readonly Seen[]>;

export function openOthers({ incidents }: Workbench): Others {
  let read: Promise<Seen[]> | undefined;
  return () => (read ??= incidents.list({ status: OPEN, limit: MOST_OTHERS }).then((all) => all.flatMap(seen)));
}

export type Hold = { waits: true; why: string } | { waits: false; after: string | undefined };

/** Of one that nothing else keeps from being started. */
export async function holdBack(
  bench: Workbench,
  record: IncidentRecord,
  config: Config,
  others: Others,
): Promise<Hold> {
  const { incident, round } = record;
  const link = linkOf(bench.db, incident, round);
  if (link?.released_at != null) return { waits: false, after: undefined };
  if (link) {
    const over = await whyOver(bench, link);
    if (over === undefined) return { waits: true, why: inWords(link) };
    releaseLink(bench.db, link, bench.now().toISOString(), over);
    return { waits: false, after: over };
  }
  const [own] = seen(record);
  const suspect = own && suspectOf(own, await others(), config.intake.settle_max);
  if (!suspect || isAbove(bench, incident, suspect.root, await others())) return { waits: false, after: undefined };
  const at = bench.now();
  const until = new Date(at.getTime() + config.approval.expires);
  saveLink(bench.db, { incident, round, ...suspect, at: at.toISOString(), until: until.toISOString() });
  return { waits: true, why: inWords(suspect) };
}

/**
 * Links what intake has queued, and nobody begun, to what came after it. Answers with the incidents that wait from now on.
 */
export async function holdQueued(
  bench: Workbench,
  config: Config,
  others: Others,
): Promise<{ incident: string; root: string }[]> {
  const at = bench.now();
  const window = config.intake.settle_max;
  const held: { incident: string; root: string }[] = [];
  for (const record of await bench.incidents.list({ status: ['queued'], limit: MOST_OTHERS })) {
    const { incident, round } = record;
    if (Math.abs(at.getTime() - Date.parse(record.last_seen)) > 2 * window) continue;
    const [own] = seen(record);
    if (!own || linkOf(bench.db, incident, round)) continue;
    const suspect = laterSuspectOf(own, await others(), window);
    if (!suspect || isAbove(bench, incident, suspect.root, await others())) continue;
    // A person's word, and a run that was begun, stand.
    if ((await bench.incidents.transitions(incident)).at(-1)?.who !== INTAKE) continue;
    const until = new Date(at.getTime() + config.approval.expires);
    saveLink(bench.db, { incident, round, ...suspect, at: at.toISOString(), until: until.toISOString() });
    held.push({ incident, root: suspect.root });
  }
  return held;
}

/** Those that the queue passes over now; the others are free again. */
export async function heldInQueue(bench: Workbench): Promise<string[]> {
  const held: string[] = [];
  for (const link of linksOfQueued(bench.db)) {
    const over = await whyOver(bench, link);
    if (over === undefined) held.push(link.incident);
    else releaseLink(bench.db, link, bench.now().toISOString(), over);
  }
  return held;
}

/** Whether one that was linked before has nothing to ask yet; cheap, for who looks often. */
export async function stillWaits(bench: Workbench, link: Link): Promise<boolean> {
  return (await whyOver(bench, link)) === undefined;
}

/** Why it waits no longer. A clock that was set back ends the wait sooner, never later. */
async function whyOver(bench: Workbench, { root, at, until }: Link): Promise<string | undefined> {
  const other = await bench.incidents.get(root);
  if (!other) return `${root}, which it waited for, is not there any more`;
  if (isEnded(other.status)) return `${root}, which it waited for, is ${other.status}`;
  const began = Date.parse(at);
  if (Math.abs(bench.now().getTime() - began) < Date.parse(until) - began) return undefined;
  return `it waited for ${root} as long as it may`;
}

/** Whether `root` itself waits for `incident`, through however many others. */
function isAbove(bench: Workbench, incident: string, root: string, others: readonly Seen[]): boolean {
  const rounds = new Map(others.map((one) => [one.incident, one.round]));
  let at: string | undefined = root;
  for (let step = 0; step < MOST_LINKS && at !== undefined; step++) {
    if (at === incident) return true;
    const round = rounds.get(at);
    const link: Link | undefined = round === undefined ? undefined : linkOf(bench.db, at, round);
    at = link?.released_at === null ? link.root : undefined;
  }
  return at !== undefined;
}

function inWords({ root, why }: Pick<Link, 'root' | 'why'>): string {
  return `waits for ${root}: ${why}`;
}

/** Nothing of one that was recorded without what a whole event says. */
function seen({ event, ...record }: IncidentRecord): Seen[] {
  const said = saidSchema.safeParse(event);
  return said.success ? [{ ...record, event: said.data }] : [];
}
