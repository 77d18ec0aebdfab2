import { existsSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { RemoteError } from '../../events/errors.ts';
import { verificationSchema } from '../../gate/verification.ts';
import { exitCodeOf, type HealResult, heal } from '../../healer/heal.ts';
import { pluginFolder } from '../../healer/runs/plugin-folder.ts';
import { openWorkbench, type Workbench } from '../../healer/workbench.ts';
import { latestVerification } from '../../store/verifications.ts';
import { type Call, command } from '../command.ts';
import { ORDERS_PART } from '../demo/orders-part.ts';
import { honestFix } from '../demo/play.ts';
import { createSample, type Sample } from '../demo/sample-repository.ts';
import { startScriptedModel } from '../demo/scripted-model.ts';
import { lookForClient } from '../doctor/client.ts';
import { evidenceLines } from '../evidence-line.ts';
import { healEnding } from '../heal-ending.ts';
import { showProgress } from '../heal-progress.ts';
import { person } from '../person.ts';
import { scriptedClientEnvironment } from '../scripted-client.ts';

/** Lines of the log, and of the red run, that are shown. */
const SHOWN_LINES = 14;

export const demoCommand = command({
  name: 'demo',
  summary: 'a real error in a sample service, healed before your eyes',
  options: [['--live', 'with your own Claude (it costs what a run costs) instead of a scripted model on loopback']],
  input: z.object({ live: z.boolean().default(false) }),
  async run({ live }, call) {
    const client = await lookForClient('claude', call.signal);
    if (client.status === 'fail')
      throw new RemoteError(`The demo runs Claude Code itself: ${client.detail}.`, client.fix);
    const folder = await mkdtemp(join(tmpdir(), 'self-healing-demo-'));
    // What the demo leaves behind lies in its own folder, nowhere in the person's; the server in the client looks there too.
    process.env.SELF_HEALING_HOME = stateOf(folder);
    const sample = await createSample('node-orders', folder, { signal: call.signal });
    introduce(sample, live, call);
    const bench = await openWorkbench(sample.root);
    try {
      const result = live ? await healSample(bench, sample, call) : await healByScript(bench, sample, folder, call);
      return { text: conclude(bench, sample, result, live, call), exit: exitCodeOf(result) };
    } finally {
      await bench.close();
    }
  },
});

async function healByScript(bench: Workbench, sample: Sample, folder: string, call: Call): Promise<HealResult> {
  const home = join(folder, 'home');
  await mkdir(home);
  const model = await startScriptedModel(honestFix(ORDERS_PART));
  try {
    return await healSample(bench, sample, call, {
      ...scriptedClientEnvironment(home, model.url),
      SELF_HEALING_HOME: stateOf(folder),
    });
  } finally {
    await model.stop();
  }
}

function stateOf(folder: string): string {
  return join(folder, 'state');
}

function healSample(bench: Workbench, { log }: Sample, call: Call, env?: Record<string, string>): Promise<HealResult> {
  return heal(bench, {
    error: { text: log, source: 'log' },
    approvedBy: person(),
    signal: call.signal,
    onProgress: showProgress(call),
    env,
  });
}

function introduce({ root, log, logFile }: Sample, live: boolean, { say, paint }: Call): void {
  const lines = log.trimEnd().split('\n');
  say(
    [
      paint('bold', 'A small order service has just failed in production.'),
      `Its repository: ${root}`,
      `Its log:        ${logFile}`,
      '',
      ...lines.slice(-SHOWN_LINES).map((line) => paint('dim', `  | ${line}`)),
      '',
      live
        ? paint('yellow', 'Your own Claude heals it now, with your login and at your cost.')
        : `${paint('yellow', 'The part of the model is played by a script on this machine: no login, no cost, nothing leaves it.')}
Everything else is real: the service, its error, the Claude Code client, the plugin, the gate.`,
      '',
      paint('bold', `$ self-healing heal --error ${logFile} --yes`),
    ].join('\n'),
  );
}

function conclude(bench: Workbench, { root }: Sample, result: HealResult, live: boolean, call: Call): string {
  return [
    healEnding(result, call),
    ...(live ? [] : ['(The cost is what the client counted; a scripted model costs nothing.)']),
    ...proofOf(bench, result, call),
    '',
    call.paint('bold', 'Look around:'),
    `  cd ${root}`,
    ...(result.branch ? [`  git show ${result.branch}`] : []),
    ...(result.report ? [`  cat ${result.report}`] : []),
    `  self-healing show ${result.incident}`,
    call.paint('bold', 'In a repository of your own:'),
    '  self-healing doctor',
    '  self-healing init',
    '  self-healing heal --error app.log',
    ...(isOnPath('self-healing')
      ? []
      : [`(It is not on your PATH: self-healing is ${join(pluginFolder(), 'bin', 'self-healing')})`]),
  ].join('\n');
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** The red run and the green run, as the gate recorded them. */
function proofOf(bench: Workbench, { incident, round }: HealResult, { paint }: Call): string[] {
  const row = latestVerification(bench.db, incident, round);
  if (row === undefined) return [];
  const { evidence } = verificationSchema.parse(row.result).checks.reproduction;
  const red = evidence.find(({ at }) => at === 'base_tests');
  const tail = (red?.tail ?? '').trimEnd().split('\n').slice(-SHOWN_LINES);
  return [
    '',
    paint('bold', 'The proof, run by the gate and not by the model:'),
    ...evidenceLines(evidence, paint).map((line) => `  ${line}`),
    ...(red ? ['', 'The red run ended with:', ...tail.map((line) => paint('dim', `  | ${line}`))] : []),
  ];
}
