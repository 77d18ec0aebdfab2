/** The sessions that are compared, each with a client of its own that waits for its model: bare, a hook, ours, a healing run. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix } from '../../cli/demo/play.ts';
import { startClient } from '../../test/e2e/run-client.ts';
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

/** What `heal` starts, at the point where its agent has opened the fix and may change the diagnosed file. */
export async function openHealing(): Promise<Session> {
  const stage = await setStage('node-orders', {
    folder: 'bench-call-',
    config: 'claude: { max_turns: 10000, max_usd: 100 }\nbudget: { max_usd_per_incident: 1000, max_usd_per_day: 1000 }',
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
    end: async () => {
      run.kill('SIGKILL');
      await closed(model, stage);
      await run.done;
    },
  };
}

async function closed(model: HeldModel, stage: Stage): Promise<void> {
  await model.stop();
  await stage.remove();
}

/** A plugin with nothing but a hook before each call that starts Node.js. */
export async function nodeHookPlugin(folder: string): Promise<string> {
  const hook = { type: 'command', command: 'node', args: ['-e', '0'] };
  const files = {
    '.claude-plugin/plugin.json': { name: 'node-hook', version: '1.0.0', description: 'for comparison' },
    'hooks/hooks.json': { hooks: { PreToolUse: [{ hooks: [hook] }] } },
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), JSON.stringify(content));
  }
  return folder;
}
