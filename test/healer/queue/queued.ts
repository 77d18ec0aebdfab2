/** A worker on a real repository and database with one incident queued; the client is a stand-in that does what a script says. */
import { afterEach } from 'vitest';
import { reportError } from '../../../healer/incidents/report-error.ts';
import type { LogFields } from '../../../healer/intake/log.ts';
import { openSettings } from '../../../healer/intake/settings.ts';
import { startWorker, type Worker, type WorkerOptions } from '../../../healer/queue/worker.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import { fakeClient } from '../runs/fake-client.ts';
import { ERROR, reported } from '../sample-fix.ts';
import { freshFolder } from '../sample-repository.ts';

export type Line = { event: string } & LogFields;
const workers: Worker[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
});

export async function queued(script: string, config = '') {
  let clock = Date.parse('2026-11-20T10:00:00Z');
  const folder = freshFolder('client');
  const command = fakeClient(folder, script);
  const yaml = `version: "1.0"\ntests: { command: node --test }\nclaude: { command: ${JSON.stringify(command)} }\nrecovery: { transient_tries: 1 }\n${config}`;
  const now = () => new Date(clock);
  const sample = await reported({ now }, { '.self-healing/config.yaml': yaml });
  const logged: Line[] = [];
  const waiting = new Set<() => void>();
  const env: Record<string, string> = { PATH: process.env.PATH ?? '', HOME: freshFolder('home') };
  const start = async (bench: Workbench = sample.bench, options: Partial<WorkerOptions> = {}) => {
    const worker = startWorker(bench, {
      env,
      settings: await openSettings(bench, () => {}),
      log: (_level, event, fields) => {
        logged.push({ event, ...fields });
        for (const look of waiting) look();
      },
      lost: () => false,
      drainMs: 0,
      heal: { pluginDir: freshFolder('plugin'), wait: async () => {} },
      ...options,
    });
    workers.push(worker);
    return worker;
  };
  /** The nth line of that kind, as soon as it is logged. */
  const said = (event: string, times = 1) =>
    new Promise<Line>((resolve) => {
      const look = () => {
        const found = logged.filter((line) => line.event === event)[times - 1];
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const another = async (word: string) =>
    (await reportError(sample.bench, { text: ERROR.replace('tenantId', word).replace('tenantOf', word) })).incident;
  const pass = (ms: number) => (clock += ms);
  return {
    ...sample,
    folder,
    env,
    logged,
    start,
    said,
    another,
    pass,
    script: (text: string) => fakeClient(folder, text),
  };
}
