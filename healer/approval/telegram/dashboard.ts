/** The dashboard of a chat: one message, edited in place, that shows what the rows say when somebody looks. */
import type { Config } from '../../../context/schemas/config.ts';
import { oneLine } from '../../../events/plain-text.ts';
import type { IncidentRecord } from '../../../store/incidents.ts';
import { spentSince } from '../../../store/runs.ts';
import { IN_WORK, INCIDENT_STATUSES, type IncidentStatus, NEEDS_PERSON } from '../../../store/states.ts';
import { pausedBy } from '../../heal/pause.ts';
import { SEVERITY_MARKS, STATUS_WORDS } from '../../incidents/status-words.ts';
import type { Env } from '../../notify/channel.ts';
import { noticesState } from '../../notify/clocks.ts';
import { htmlWords } from '../../notify/telegram/html.ts';
import { queueState } from '../../queue/state.ts';
import { shortCost } from '../../runs/cost-words.ts';
import type { Workbench } from '../../workbench.ts';
import { channelStates } from '../channels.ts';
import type { View } from './buttons.ts';

export interface Dashboard {
  bench: Workbench;
  config: Config;
  env: Env;
}

const TITLE = '🏠 Self-Healing Dashboard';
const ROWS = 8;
const ERROR_ROOM = 60;
const DAY_MS = 86_400_000;

/** In Telegram's HTML. */
export async function dashboardText(dashboard: Dashboard, view: View): Promise<string> {
  const { bench } = dashboard;
  const at = `${bench.now().toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return [TITLE, '', ...(await linesOf(dashboard, view)), '', at].join('\n');
}

function linesOf(dashboard: Dashboard, view: View): Promise<string[]> {
  switch (view) {
    case 'home':
      return home(dashboard);
    case 'queue':
      return queue(dashboard);
    case 'errors':
      return errors(dashboard);
    case 'system':
      return system(dashboard);
    default:
      return view satisfies never;
  }
}

async function home({ bench }: Dashboard): Promise<string[]> {
  const counts = countsOf(bench);
  const of = (states: readonly IncidentStatus[]) => states.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0);
  return [
    `🙋 ${of(NEEDS_PERSON)} need you`,
    `🔧 ${of(['healing', 'verified'])} being fixed`,
    `⏳ ${of(['settling', 'detected', 'queued'])} waiting`,
    `✅ ${of(['proposed', 'merged', 'watching', 'resolved'])} fixed`,
  ];
}

async function queue(dashboard: Dashboard): Promise<string[]> {
  const { bench, config, env } = dashboard;
  const { standing_still: still } = await queueState(bench, config, env);
  const inWork = await bench.incidents.list({ status: [...IN_WORK.filter((one) => one !== 'queued')], limit: ROWS });
  const needs = await bench.incidents.list({ status: [...NEEDS_PERSON], limit: ROWS });
  const next = await bench.incidents.queued(ROWS);
  return [
    ...(still ? [`⏸ Nothing new is started: ${htmlWords(oneLine(still.why, 200))}`, ''] : []),
    ...part(dashboard, 'Needs you', needs),
    ...part(dashboard, 'In work', inWork),
    ...part(dashboard, 'Next', next),
    ...(needs.length + inWork.length + next.length === 0 ? ['Nothing waits.'] : []),
  ];
}

async function errors(dashboard: Dashboard): Promise<string[]> {
  const recent = await dashboard.bench.incidents.list({ limit: ROWS });
  return recent.length === 0 ? ['No errors yet.'] : recent.flatMap((record) => rowOf(dashboard, record));
}

async function system({ bench, config, env }: Dashboard): Promise<string[]> {
  const now = bench.now();
  const paused = pausedBy(bench.repository.root, env);
  const { usd, billed } = spentSince(bench.db, new Date(now.getTime() - DAY_MS).toISOString());
  const { waiting } = noticesState(bench);
  const channels = Object.entries(channelStates(config, env)).map(
    ([name, { ready }]) => `${ready ? '✅' : '❌'} ${name}`,
  );
  const total = [...countsOf(bench).values()].reduce((sum, count) => sum + count, 0);
  return [
    paused ? `⏸ Paused: ${htmlWords(oneLine(paused, 200))}` : '▶️ Running',
    `Spent in 24 hours: ${shortCost(usd, billed ? 'billed' : 'estimated')} of $${config.budget.max_usd_per_day.toFixed(2)}`,
    `Approvals over: ${channels.join('  ') || 'the terminal'}`,
    `Hand-overs not told yet: ${waiting}`,
    `Incidents: ${total}`,
  ];
}

function part(dashboard: Dashboard, title: string, records: readonly IncidentRecord[]): string[] {
  return records.length === 0 ? [] : [`<b>${title}</b>`, ...records.flatMap((record) => rowOf(dashboard, record))];
}

/** `🔴 [PA] {error ≤ 60}…` and `🔧 fixing • 5m ago` */
function rowOf(
  { config, bench }: Dashboard,
  { severity, service, error, status, updated_at }: IncidentRecord,
): string[] {
  const tag = config.services.find(({ name }) => name === service)?.tag || service || 'app';
  const { mark, state } = STATUS_WORDS[status];
  const words = SHORT[mark] ?? state;
  return [
    `${SEVERITY_MARKS[severity] ?? '⚪'} [${htmlWords(oneLine(tag, 20))}] ${htmlWords(oneLine(error, ERROR_ROOM))}`,
    `${mark} ${words} • ${ago(updated_at, bench.now())}`,
  ];
}

const SHORT: Readonly<Record<string, string>> = {
  '⏳': 'detected',
  '🔧': 'fixing',
  '✅': 'fixed',
  '🙋': 'needs you',
  '⏭': 'skipped',
};

function ago(time: string, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(time)) / 60_000));
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes}m ago`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h ago` : `${Math.floor(minutes / 1440)}d ago`;
}

function countsOf({ db }: Workbench): Map<IncidentStatus, number> {
  const rows = db.all<{ status: IncidentStatus; count: number }>(
    'SELECT status, count(*) AS count FROM incidents GROUP BY status',
  );
  return new Map(rows.filter(({ status }) => INCIDENT_STATUSES.includes(status)).map((row) => [row.status, row.count]));
}
