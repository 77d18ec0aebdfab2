/**
 * The Claude Code client, and whether our guards really fire in it: in a place like the user's own, each hook of the plugin is
 * given a reason to, once, and what the client says about it is told.
 */
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type GroupResult, runGroup } from '../../gate/process-group.ts';
import { pluginFolder } from '../../healer/runs/plugin-folder.ts';
import { type Canary, runCanary, startServer } from './canary.ts';
import { makeCanaryHome } from './canary-home.ts';
import { type Check, check, firstLine, ok } from './check.ts';
import { type ClientSettingsRead, policyFolder, readClientSettings } from './client-settings.ts';
import { hookCheck, hooksOf } from './hook-checks.ts';
import { pluginCheck } from './plugin-check.ts';
import { serverCheck } from './server-check.ts';
import { settingsCheck } from './settings-check.ts';
import { silencers } from './silencers.ts';

export interface ClientQuestion {
  /** `claude.command`. */
  command: string;
  /** Root of the repository; undefined outside of one. */
  root: string | undefined;
  signal: AbortSignal;
}

export async function clientChecks({ command, root, signal }: ClientQuestion): Promise<Check[]> {
  const config = resolve(process.env.CLAUDE_CONFIG_DIR || join(homedir(), '.claude'));
  const settings = await readClientSettings({ config, root, policy: policyFolder() });
  const client = await check('claude', () => lookForClient(command, signal));
  const checks = [client, await settingsCheck(settings)];
  if (client.status === 'fail') return checks;
  let rest: Check[] = [];
  const canary = await check('hooks', async () => {
    rest = await watchCanary({ command, settings, config, signal });
    return ok('');
  });
  // Only what kept the canary from being tried at all.
  return [...checks, ...rest, ...(canary.status === 'fail' ? [canary] : [])];
}

interface Watch {
  command: string;
  settings: ClientSettingsRead;
  config: string;
  signal: AbortSignal;
}

async function watchCanary({ command, settings, config, signal }: Watch): Promise<Check[]> {
  const pluginDir = pluginFolder();
  const hooks = await hooksOf(pluginDir);
  const place = await makeCanaryHome(settings.files, config, process.env);
  try {
    const found = silencers(settings.files).filter(({ silences }) => silences);
    const policies = settings.files.filter(({ source }) => source === 'policy');
    const policyHooks = new Set(policies.flatMap((policy) => Object.keys(policy.settings.hooks ?? {})));
    const run = (asHeal: boolean) => runCanary({ command, pluginDir, place, asHeal, signal });
    const canary = await run(false);
    const rows = (of: Canary) =>
      [...hooks].map(([event, kind]) =>
        hookCheck({ event, kind, canary: of, settingsExplain: found.length > 0, shared: policyHooks.has(event) }),
      );
    const checks = [
      await pluginCheck(canary.init, pluginDir, config),
      await serverCheck(canary, () => startServer(pluginDir, place, signal)),
    ];
    const byProject = found.some(({ source }) => source === 'project') && canary.sightings.length === 0;
    return [...checks, ...(byProject ? inSessionsOnly(rows(await run(true))) : rows(canary))];
  } finally {
    await place.remove();
  }
}

/** The project's settings silence people's sessions here; the runs of `heal`, in which the rows were seen, do not read them. */
function inSessionsOnly(rows: Check[]): Check[] {
  return rows.map((row) =>
    row.status === 'ok'
      ? {
          ...row,
          status: 'warn',
          detail: `silent in sessions here; in runs of heal ${row.detail}`,
          fix: 'See `settings`.',
        }
      : row,
  );
}

export async function lookForClient(
  command: string,
  signal: AbortSignal,
  timeoutMs = 20_000,
): Promise<Omit<Check, 'name'>> {
  const asked = await runGroup(
    { argv: [command, '--version'] },
    { cwd: tmpdir(), env: passedEnvironment(), timeoutMs, signal },
  );
  const version = /\d+\.\d+\.\d+/.exec(asked.stdout)?.[0];
  if (version !== undefined) return ok(`${command} ${version} (${besideTested(version)})`);
  return {
    status: 'fail',
    detail: `the client \`${command}\` ${notStarted(command, asked)}`,
    fix: 'Install it (npm install -g @anthropic-ai/claude-code), or set claude.command in .self-healing/config.yaml.',
  };
}

function notStarted(command: string, { startError, output, exit, timedOut }: GroupResult): string {
  if (startError?.includes('ENOENT')) return command.includes('/') ? 'does not exist' : 'was not found on PATH';
  if (timedOut) return 'did not tell its version in time';
  return `could not be started: ${startError ?? (firstLine(output.trim()) || `exit code ${exit}`)}`;
}

/** The client that the end-to-end tests drive; a test holds the two together. */
const TESTED = '2.1.197';

/** No version is refused: what counts is whether the hooks fire, and that is tried. */
export function besideTested(version: string): string {
  const order = version.localeCompare(TESTED, 'en', { numeric: true });
  if (order === 0) return 'the version this release is tested with';
  return `${order < 0 ? 'older' : 'newer'} than ${TESTED}, which this release is tested with`;
}

function passedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
