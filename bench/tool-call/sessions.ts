/** The sessions that are compared, each with a client of its own that waits for its model: ordinary ones, and healing runs. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix } from '../../cli/demo/play.ts';
import { CLIENT, startClient } from '../../test/e2e/run-client.ts';
import { type Stage, setStage } from '../../test/e2e/stage.ts';
import { HeldModel } from './held-model.ts';

export interface Session {
  model: HeldModel;
  /** The repository it works in. */
  stage: Stage;
  end(): Promise<void>;
}

/** An ordinary session in a repository that has a living context; without a plugin it is the bare client. */
export async function openSession(plugin?: string, env: Record<string, string> = {}): Promise<Session> {
  const stage = await setStage('node-orders', { folder: 'bench-call-' });
  const model = await new HeldModel().start();
  const client = await startClient({
    args: ['-p', 'Work.', '--allowedTools', 'Bash', '--max-turns', '10000'],
    cwd: stage.root,
    home: stage.home,
    model,
    env,
    timeoutMs: 900_000,
    ...(plugin && { pluginDir: plugin }),
  });
  await model.turn();
  return {
    model,
    stage,
    end: async () => {
      client.kill('SIGKILL');
      await client.done;
      await closed(model, stage);
    },
  };
}

/** How `heal` started the client of its fix. */
export interface Start {
  args: string[];
  env: Record<string, string>;
}

/** What `heal` starts, at the point where its agent has opened the fix and may change the diagnosed file. */
export async function openHealing(folder: string): Promise<Session & { start: Start }> {
  const client = await tellingClient(folder);
  const stage = await setStage('node-orders', {
    folder: 'bench-call-',
    config: `claude: { command: ${client.command}, max_turns: 10000, max_usd: 100 }\nbudget: { max_usd_per_incident: 1000, max_usd_per_day: 1000 }`,
  });
  const model = await new HeldModel().start();
  const run = await stage.start(['heal', '--error', stage.logFile, '--json'], [], {
    env: { ANTHROPIC_BASE_URL: model.url },
    timeoutMs: 900_000,
  });
  const play = honestFix(ORDERS_PART);
  for (;;) {
    const turn = await model.turn();
    if (turn.agent === 'self-healing' && turn.step === 2) break;
    await model.answer(play(turn));
  }
  return {
    model,
    stage,
    start: await client.lastStart(),
    end: async () => {
      run.kill('SIGKILL');
      await closed(model, stage);
      await run.done;
    },
  };
}

/** The client that `heal` started, with another plugin and no `heal` around it: this process reads its stream. */
export async function openRunLike({ args, env }: Start, plugin: string): Promise<Session> {
  const stage = await setStage('node-orders', { folder: 'bench-call-' });
  const model = await new HeldModel().start();
  const worktree = join(stage.home, 'worktree');
  await stage.git(['worktree', 'add', '--quiet', '--detach', worktree]);
  const own = args.map((arg, at) => (args[at - 1] === '--plugin-dir' ? plugin : arg));
  const child = spawn(CLIENT, own, {
    cwd: worktree,
    env: { ...env, HOME: stage.home, ANTHROPIC_BASE_URL: model.url },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.stdout.resume();
  await model.turn();
  return {
    model,
    stage,
    end: async () => {
      child.kill('SIGKILL');
      await closed(model, stage);
      await gone;
    },
  };
}

/** The client behind a script that writes down how it was started. */
async function tellingClient(folder: string): Promise<{ command: string; lastStart(): Promise<Start> }> {
  const [command, args, env] = [join(folder, 'client'), join(folder, 'arguments'), join(folder, 'environment')];
  const script = `#!/bin/sh\nprintf '%s\\0' "$@" >'${args}'\nenv -0 >'${env}'\nexec '${CLIENT}' "$@"\n`;
  await writeFile(command, script, { mode: 0o755 });
  const read = async (file: string) => (await readFile(file, 'utf8')).split('\0').slice(0, -1);
  return {
    command,
    lastStart: async () => ({
      args: await read(args),
      env: Object.fromEntries((await read(env)).map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])),
    }),
  };
}

async function closed(model: HeldModel, stage: Stage): Promise<void> {
  await model.stop();
  await stage.remove();
}
