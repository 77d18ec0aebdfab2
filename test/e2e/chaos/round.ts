/**
 * One round of chaos: a real `serve` takes two errors in and works on both at once, with the real client and a scripted
 * model, while it, its clients and their servers are killed. Whoever is missing is started again, as a service manager
 * does, until every incident has ended; then the laws are looked at.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Turn } from '../../../cli/demo/model-turn.ts';
import type { IncidentStatus } from '../../../store/states.ts';
import { checkoutDigest } from '../checkout.ts';
import { endProcess, type RunningProduct, type Stage, setStage } from '../stage.ts';
import { kindOf, play, UNCLEAR } from './parts.ts';
import { type Death, type Kind, told, type Victim } from './plan.ts';
import { type Rows, readRows } from './rows.ts';

const TOKEN = 'a-token-of-the-test';
const CONFIG = [
  'intake: { settle: 100ms, min_severity: low }',
  'approval: { publish: auto }',
  'budget: { concurrency: 2 }',
].join('\n');
const LOOK_MS = 20;
/** Only against a round that hangs: one that is killed twice takes a minute on a busy machine. */
const PATIENCE_MS = 400_000;
const ENDED: Record<Kind, readonly IncidentStatus[]> = {
  fixed: ['proposed', 'awaiting_publish', 'escalated'],
  unclear: ['escalated'],
};
const COMMANDS: Record<Exclude<Victim, 'serve'>, RegExp> = { client: /(^|\/)claude -p /, server: /dist\/server\.cjs/ };

export interface Round {
  /** How the round went, for whoever looks at a broken one. */
  story: string[];
  /** Deaths that took place; a moment may not come. */
  killed: number;
  ends: Record<Kind, IncidentStatus | undefined>;
  /** What is not as the laws say. */
  broken: string[];
}

export async function playRound(deaths: readonly Death[]): Promise<Round> {
  const stage = await setStage('node-orders', { origin: true, config: CONFIG, folder: 'chaos-' });
  try {
    return await chaos(stage, deaths);
  } finally {
    await stage.remove();
  }
}

async function chaos(stage: Stage, deaths: readonly Death[]): Promise<Round> {
  const story: string[] = [];
  const began = performance.now();
  const tell = (text: string) => story.push(`${((performance.now() - began) / 1000).toFixed(1)} s: ${text}`);
  const broken: string[] = [];
  const waiting = [...deaths];
  let killed = 0;
  let serve: Serving | undefined;
  let over = false;

  const kill = async (death: Death) => {
    waiting.splice(waiting.indexOf(death), 1);
    await wait(death.afterMs);
    if (over) return;
    const victims = await victimsOf(stage, death.victim, serve?.running);
    if (victims.length === 0) return tell(`nobody to kill: ${told(death)} ${JSON.stringify(await stage.processes())}`);
    killed++;
    tell(told(death));
    for (const pid of victims) endProcess(pid);
  };
  const model = async (turn: Turn) => {
    const of = kindOf(turn);
    const due = waiting.filter(
      ({ moment }) =>
        moment.at === 'turn' && moment.of === of && moment.agent === turn.agent && moment.step === turn.step,
    );
    for (const death of due) {
      const done = kill(death);
      if (death.afterMs === 0) await done;
    }
    return play(turn);
  };

  serve = await start(stage, model);
  const keeper = (async () => {
    while (!over) {
      await serve?.running.done;
      if (over) return;
      tell('serve is started again');
      serve = await start(stage, model);
    }
  })();
  const ids: Record<Kind, string> = {
    fixed: await send(() => serve?.url, await loggedError(stage)),
    unclear: await send(() => serve?.url, UNCLEAR),
  };
  tell(`fixed is ${ids.fixed}, unclear is ${ids.unclear}`);

  let rows: Rows | undefined;
  let seen = 0;
  let nextCount = 0;
  const statusOf = (of: Kind) => rows?.incidents.find(({ incident }) => incident === ids[of])?.status;
  const kinds = Object.keys(ids) as Kind[];
  while (performance.now() - began < PATIENCE_MS) {
    rows = readRows(stage.root) ?? rows;
    for (const step of rows?.steps.slice(seen) ?? []) {
      const of = step.incident === ids.fixed ? 'fixed' : 'unclear';
      tell(`${of}: ${step.from_status} → ${step.to_status} (${step.why.slice(0, 120)})`);
      for (const death of waiting.filter(
        ({ moment }) => moment.at === 'state' && moment.of === of && moment.status === step.to_status,
      ))
        void kill(death);
    }
    seen = rows?.steps.length ?? 0;
    if (performance.now() >= nextCount) {
      nextCount = performance.now() + 200;
      for (const [incident, count] of await clientsOf(stage))
        if (count > 1) broken.push(`${count} clients worked on ${incident} at the same time`);
    }
    // A death that is due may still take somebody along: an end is one that lasts.
    if (kinds.every((of) => ENDED[of].includes(statusOf(of) ?? 'settling'))) {
      await wait(1600);
      break;
    }
    await wait(LOOK_MS);
  }
  over = true;
  serve.running.kill('SIGTERM');
  await keeper;
  const last = await serve.running.done;
  const ends = { fixed: statusOf('fixed'), unclear: statusOf('unclear') };
  if (last.exit !== 0 && last.signal !== 'SIGKILL')
    broken.push(`serve ended with ${last.exit}: ${last.stderr.slice(-2000)}`);
  broken.push(...(await brokenLaws(stage, ids)));
  if (broken.length > 0) story.push(last.stderr.slice(-6000));
  return { story, killed, ends, broken };
}

async function brokenLaws(stage: Stage, ids: Record<Kind, string>): Promise<string[]> {
  const broken: string[] = [];
  const rows = readRows(stage.root, { thorough: true });
  if (!rows) return ['the database is gone'];
  if (rows.integrity !== 'ok') broken.push(`the database is damaged: ${rows.integrity}`);
  // No incident lost, none invented, each counted once, each at its visible end.
  if (rows.incidents.length !== 2) broken.push(`there are ${rows.incidents.length} incidents`);
  for (const of of Object.keys(ids) as Kind[]) {
    const record = rows.incidents.find(({ incident }) => incident === ids[of]);
    if (record === undefined) broken.push(`${of} is lost`);
    else {
      if (!ENDED[of].includes(record.status)) broken.push(`${of} ended as ${record.status}`);
      if (record.count !== 1) broken.push(`${of} was counted ${record.count} times`);
      if (record.round !== 1) broken.push(`${of} is in round ${record.round}`);
    }
  }
  const at = new Map<string, string | null>();
  for (const { incident, from_status, to_status } of rows.steps) {
    if ((at.get(incident) ?? null) !== from_status)
      broken.push(`${incident} was ${at.get(incident)}, and left ${from_status}`);
    at.set(incident, to_status);
  }
  // One proposal at most, and it is what stands on the remote: one commit on the base.
  const branch = `hotfix/auto-${ids.fixed.slice(4)}`;
  const isProposed = rows.incidents.some(({ status }) => status === 'proposed');
  if (rows.proposals.length > 1) broken.push(`there are ${rows.proposals.length} proposals`);
  const remote = (await stage.git(['for-each-ref', '--format=%(refname:short)', 'refs/heads'], stage.origin)).split(
    '\n',
  );
  const others = remote.filter((ref) => ref !== 'main' && ref !== branch);
  if (others.length > 0) broken.push(`the remote has ${others.join(', ')}`);
  if (isProposed !== remote.includes(branch))
    broken.push(`proposed is ${isProposed}, and the remote has ${remote.join(', ')}`);
  if (remote.includes(branch)) {
    const commits = await stage.git(['rev-list', '--count', `main..${branch}`], stage.origin);
    if (commits !== '1') broken.push(`${commits} commits stand on the branch`);
  }
  // The checkout of the person is as it was.
  const after = await checkoutDigest(stage.root);
  for (const name of new Set([...Object.keys(stage.before), ...Object.keys(after)]))
    if (stage.before[name] !== after[name]) broken.push(`changed in the main checkout: ${name}`);
  // Nothing runs on, and only what a person may want to look at keeps its worktree.
  for (let tries = 0; tries < 50 && (await stage.processes()).length > 0; tries++) await wait(100);
  for (const { command } of await stage.processes()) broken.push(`still runs: ${command.slice(0, 200)}`);
  const kept = (await stage.git(['worktree', 'list', '--porcelain']))
    .split('\n')
    .filter((line) => line.startsWith('worktree '));
  const expected = rows.incidents
    .filter(({ status }) => status !== 'proposed')
    .map(({ incident }) => `hotfix/auto-${incident.slice(4)}`);
  for (const line of kept.slice(1)) if (!expected.some((end) => line.endsWith(end))) broken.push(`left over: ${line}`);
  return broken;
}

interface Serving {
  running: RunningProduct;
  url: string | undefined;
}

async function start(stage: Stage, model: (turn: Turn) => Promise<ReturnType<typeof play>>): Promise<Serving> {
  const serving: Partial<Serving> = {};
  let said = '';
  serving.running = await stage.start(['serve', '--port', '0'], model, {
    env: { GENERIC_TOKEN: TOKEN },
    timeoutMs: PATIENCE_MS * 2,
    onOutput: (text) => {
      if (serving.url !== undefined) return;
      said += text;
      serving.url = /Listening[^\n]*?(http:\/\/[\d.:]+)/.exec(said)?.[1];
    },
  });
  return serving as Serving;
}

/** As a sender does: again until it is taken. The sender's id makes it one error all the same. */
async function send(url: () => string | undefined, error: { message: string }): Promise<string> {
  const body = JSON.stringify({ ...error, id: `sent-${error.message}`, service: 'orders' });
  for (let tries = 0; tries < 600; tries++) {
    try {
      const answer = await fetch(`${url()}/intake/generic`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}` },
        body,
      });
      if (answer.status === 202) return ((await answer.json()) as { incidents: string[] }).incidents[0] ?? '';
    } catch {} // not listening yet, or not any more
    await wait(100);
  }
  throw new Error('nobody took the error in');
}

async function loggedError(stage: Stage): Promise<{ type: string; message: string; stack: string }> {
  const log = await readFile(stage.logFile, 'utf8');
  const from = log.indexOf('TypeError:');
  const stack = log.slice(from, from + 1500);
  const [, message = ''] = /^TypeError: (.*)$/m.exec(stack) ?? [];
  return { type: 'TypeError', message, stack };
}

async function victimsOf(stage: Stage, victim: Victim, serve: RunningProduct | undefined): Promise<number[]> {
  if (victim === 'serve') return serve ? [serve.pid] : [];
  const found = await stage.processes();
  return found.filter(({ command }) => COMMANDS[victim].test(`${command} `)).map(({ pid }) => pid);
}

/** Clients at work, by the incident that their command line names; a child that has not begun its own program yet is no other one. */
async function clientsOf(stage: Stage): Promise<Map<string, number>> {
  const clients = (await stage.processes()).filter(({ command }) => /--agent self-healing:/.test(command));
  const counts = new Map<string, number>();
  for (const { pid, command } of clients) {
    const incident = /INC-[0-9a-f]{16}/.exec(command)?.[0];
    const parent = await parentOf(pid);
    if (incident === undefined || parent === undefined || clients.some((client) => client.pid === parent)) continue;
    counts.set(incident, (counts.get(incident) ?? 0) + 1);
  }
  return counts;
}

/** Undefined when it is gone, or dead and waits for its parent. */
async function parentOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, state, parent] = /\) (\S) (\d+) /.exec(stat) ?? [];
  return state === undefined || state === 'Z' || state === 'X' ? undefined : Number(parent);
}
