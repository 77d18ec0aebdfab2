/**
 * A user's machine: a HOME of its own, one Node.js, and on PATH only what is named. Claude Code is the pinned client; its
 * sessions are played by a script.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { livingContext, say, type ToolCall, use } from '../../../cli/demo/model-reply.ts';
import { NATIVE_VERSION } from '../../../store/native-install.ts';
import { CLIENT, type ClientRun, clientEnvironment, runClient } from '../run-client.ts';
import { endProcess, PLUGIN } from '../stage.ts';
import type { Origin } from './origin.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** What git, npm and our launcher need; Node.js and npm are put beside them by name. */
const TOOLS =
  'sh env git basename cat cut dirname expr grep ls mkdir mv readlink rm sed sleep sort tail tr uname wc'.split(' ');

const ERROR = "TypeError: Cannot read properties of undefined (reading 'one')\n    at run (index.js:1:18)";

export interface MachineOptions {
  /** Its program; false: there is none. A text is printed by a program that claims to be one. */
  node: string | false | { prints: string };
  npm?: boolean;
  /** Its git finds this repository at its public address. */
  origin?: Origin;
  /** Of the sessions and everything they start. */
  env?: Record<string, string>;
}

export interface Machine {
  home: string;
  /** A git repository with one commit and a file that is not committed. */
  repository: string;
  env: Record<string, string>;
  /** A copy of plugin/, far from any node_modules. */
  plugin: string;
  /** `claude <args>` at a terminal; throws with what it said when it fails. */
  claude(...args: string[]): Promise<string>;
  /**
   * A session in the repository in which the model makes one call after the other and says what the last one answered;
   * by default it reports an error and lists the incidents.
   */
  session(args?: string[], calls?: ToolCall[]): Promise<ClientRun>;
  /** A program of this machine, run to its end. */
  run(program: string, args: string[], cwd?: string): Promise<{ exit: number; stdout: string; stderr: string }>;
  remove(): Promise<void>;
}

export async function setUpMachine({ node, npm = false, origin, env: more = {} }: MachineOptions): Promise<Machine> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'machine-')));
  const [home, bin, repository] = ['home', 'bin', 'repository'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [home, bin, repository]) await mkdir(path);
  for (const tool of npm ? [...TOOLS, 'npm'] : TOOLS) await symlink(await which(tool), join(bin, tool));
  if (typeof node === 'string') await symlink(node, join(bin, 'node'));
  else if (node) {
    await writeFile(join(bin, 'node'), `#!/bin/sh\necho ${node.prints}\n`);
    await chmod(join(bin, 'node'), 0o755);
  }
  if (origin) await writeFile(join(home, '.gitconfig'), `[url "file://${origin.bare}"]\n\tinsteadOf = ${origin.url}\n`);
  const env = { ...clientEnvironment(home, ''), PATH: bin, ...more };
  await makeRepository(repository);
  const plugin = join(folder, 'plugin');
  await cp(PLUGIN, plugin, { recursive: true });

  const run: Machine['run'] = (program, args, cwd = repository) =>
    new Promise((resolve) => {
      execFile(program, args, { cwd, env, timeout: 120_000 }, (error, stdout, stderr) => {
        resolve({ exit: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
      }).stdin?.end();
    });
  return {
    home,
    repository,
    env,
    plugin,
    run,
    async claude(...args) {
      const { exit, stdout, stderr } = await run(CLIENT, args);
      if (exit !== 0) throw new Error(`claude ${args.join(' ')} ended with ${exit}: ${stdout}${stderr}`);
      return stdout;
    },
    session: (
      args = [],
      calls = [livingContext('report_error', { text: ERROR }), livingContext('list_incidents', {})],
    ) =>
      runClient({
        args: ['-p', 'go', '--allowedTools', 'Bash,mcp__plugin_self-healing_living-context', ...args],
        cwd: repository,
        home,
        env: { PATH: bin, ...more },
        model: ({ step, lastToolResults }) => {
          const call = calls[step];
          return call === undefined ? say(lastToolResults.join('\n')) : use(call);
        },
      }),
    remove: async () => {
      for (const pid of await processesOf(home)) endProcess(pid);
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** The native part as an earlier session of this machine installed it; nothing where Node.js has its own SQLite. */
export async function withNativePart({ home }: Machine): Promise<void> {
  if (process.getBuiltinModule('node:sqlite')) return;
  const { platform, arch, versions } = process;
  const key = `better-sqlite3-${NATIVE_VERSION}-${platform}-${arch}-${versions.modules}`;
  const modules = join(home, '.local', 'state', 'self-healing', 'native', key, 'node_modules');
  for (const name of ['better-sqlite3', 'bindings', 'file-uri-to-path'])
    await cp(join(ROOT, 'node_modules', name), join(modules, name), { recursive: true });
}

async function makeRepository(root: string): Promise<void> {
  const git = (...args: string[]) => promisify(execFile)('git', args, { cwd: root });
  await writeFile(join(root, 'index.js'), 'export const one = 1;\n');
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('-c', 'user.name=Dev', '-c', 'user.email=dev@example.invalid', 'commit', '-q', '-m', 'Start');
  await writeFile(join(root, 'draft.txt'), 'not committed\n');
}

async function which(tool: string): Promise<string> {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    if (existsSync(join(folder, tool))) return realpath(join(folder, tool));
  throw new Error(`${tool} is not on PATH`);
}

async function processesOf(home: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').includes(`HOME=${home}`)) found.push(Number(pid));
  }
  return found;
}
