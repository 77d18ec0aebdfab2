/**
 * The Claude Code client, and whether our guards really fire in it: the client is run once, with our plugin, in an empty
 * repository, and a scripted model on loopback tries what a guard must deny. Nothing leaves the machine.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from '../../context/git.ts';
import type { Config } from '../../context/schemas/config.ts';
import { type GroupResult, runGroup } from '../../gate/process-group.ts';
import { runClaude } from '../../healer/runs/claude.ts';
import { pluginFolder } from '../../healer/runs/plugin-folder.ts';
import { bash, say, use } from '../demo/model-reply.ts';
import { startScriptedModel } from '../demo/scripted-model.ts';
import { scriptedClientEnvironment } from '../scripted-client.ts';
import { type Check, check, ok } from './check.ts';

const CANARY_LIMIT_MS = 60_000;
/** What the guard must deny whoever asks. */
const FORBIDDEN = 'git push origin main';

export async function clientChecks(settings: Config['claude'], signal: AbortSignal): Promise<Check[]> {
  const client = await check('claude', () => lookForClient(settings.command, signal));
  if (client.status === 'fail') return [client];
  return [client, await check('hooks', () => fireCanary(settings, signal))];
}

export async function lookForClient(command: string, signal: AbortSignal): Promise<Omit<Check, 'name'>> {
  const asked = await runGroup(
    { argv: [command, '--version'] },
    { cwd: tmpdir(), env: passedEnvironment(), timeoutMs: 20_000, signal },
  );
  const version = /\d+\.\d+\.\d+/.exec(asked.stdout)?.[0];
  if (version !== undefined) return ok(`${command} ${version} (${besideTested(version)})`);
  return {
    status: 'fail',
    detail: `the client \`${command}\` ${notStarted(command, asked)}`,
    fix: 'Install it (npm install -g @anthropic-ai/claude-code), or set claude.command in .self-healing/config.yaml.',
  };
}

function notStarted(command: string, { startError, output, exit }: GroupResult): string {
  if (startError?.includes('ENOENT')) return command.includes('/') ? 'does not exist' : 'was not found on PATH';
  return `could not be started: ${startError ?? (output.trim() || `exit code ${exit}`)}`;
}

/** The client that the end-to-end tests drive; a test holds the two together. */
const TESTED = '2.1.197';

/** No version is refused: what counts is whether the hooks fire, and that is tried. */
export function besideTested(version: string): string {
  const order = version.localeCompare(TESTED, 'en', { numeric: true });
  if (order === 0) return 'the version this release is tested with';
  return `${order < 0 ? 'older' : 'newer'} than ${TESTED}, which this release is tested with`;
}

async function fireCanary(settings: Config['claude'], signal: AbortSignal): Promise<Omit<Check, 'name'>> {
  const folder = await mkdtemp(join(tmpdir(), 'self-healing-canary-'));
  let asked = 0;
  let answered: { ms: number; text: string } | undefined;
  const model = await startScriptedModel(({ step, results }) => {
    if (step === 0) {
      asked = performance.now();
      return use(bash(FORBIDDEN));
    }
    answered ??= { ms: performance.now() - asked, text: results[0]?.text ?? '' };
    return say('Done.');
  });
  try {
    const cwd = join(folder, 'repository');
    const home = join(folder, 'home');
    for (const path of [cwd, home]) await mkdir(path);
    await git(['init', '-q', '-b', 'main'], { cwd, signal });
    const run = await runClaude({
      id: randomUUID(),
      incident: 'INC-0000000000000000',
      agent: 'diagnostician',
      prompt: 'Diagnose incident INC-0000000000000000.',
      session: { start: randomUUID() },
      cwd,
      home: join(folder, 'state'),
      pluginDir: pluginFolder(),
      settings: { ...settings, model: '' },
      limits: { silence_timeout: CANARY_LIMIT_MS, wall_clock: CANARY_LIMIT_MS },
      maxUsd: 1,
      env: scriptedClientEnvironment(home, model.url),
      signal,
    });
    const denied = run.events.some((event) => event.kind === 'tool_result' && event.isError && isDenial(event.text));
    if (denied && answered) return ok(`a forbidden command was denied in ${Math.round(answered.ms)} ms`);
    return {
      status: 'fail',
      detail: answered
        ? `silent: a forbidden command was not denied by a guard (${answered.text.slice(0, 200)})`
        : `silent: the client did not get as far as a tool call (${run.why})`,
      fix: 'Update Claude Code and self-healing; look for `disableAllHooks` in your own settings (~/.claude/settings.json).',
    };
  } finally {
    await model.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** A denial by permissions alone would read otherwise. */
function isDenial(text: string): boolean {
  return /\[(?:scope|command|guard)\.\w+\]/.test(text);
}

function passedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
