/**
 * A sandbox for checks, by bubblewrap, where the user's environment asks for it: `SELF_HEALING_SANDBOX=on` lets a check
 * write in its checkout and its temporary folders only, hides the places of the user's keys, and ends with it whatever it
 * started; `no-network` gives it besides a network of its own, with nothing but a loopback. It is not the default: suites
 * use services of the host's loopback and fixed paths in /tmp. What was asked for and does not work is an error.
 */
import { access, constants, lstat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../events/errors.ts';
import { CREDENTIALS_IN_HOME } from '../credential-places.ts';
import { type GroupCommand, runGroup } from '../process-group.ts';

const VARIABLE = 'SELF_HEALING_SANDBOX';
export type SandboxMode = 'off' | 'on' | 'no-network';

/** Turns a command into one that runs in the sandbox. */
export type Confine = (command: GroupCommand) => GroupCommand;

export interface SandboxFolders {
  /** Real paths: where a check may write. */
  checkout: string;
  scratch: string;
}

/** Throws ConfigurationError for any other word. */
export function sandboxMode(env: Record<string, string | undefined> = process.env): SandboxMode {
  const asked = env[VARIABLE] ?? 'off';
  if (asked === 'off' || asked === '') return 'off';
  if (asked === 'on' || asked === 'no-network') return asked;
  throw new ConfigurationError(
    `${VARIABLE} is ${JSON.stringify(asked)}, which is none of on, no-network and off.`,
    `Set ${VARIABLE} to one of them, or unset it.`,
  );
}

/** Throws ConfigurationError where it was asked for and bubblewrap is missing or may not make one here. */
export async function openSandbox({ checkout, scratch }: SandboxFolders, env = process.env): Promise<Confine> {
  const mode = sandboxMode(env);
  if (mode === 'off') return (command) => command;
  const PATH = env.PATH ?? '/usr/local/bin:/usr/bin:/bin';
  const empty = join(scratch, 'empty');
  await writeFile(empty, '');
  const hidden = await hiddenKeys(homedir(), empty);
  const folders = ['--bind', checkout, checkout, '--bind', scratch, scratch, '--chdir', checkout];
  const network = mode === 'no-network' ? ['--unshare-net'] : [];
  // By its full path: the PATH of a check begins with folders of the checkout.
  const words: [string, ...string[]] = [await findBwrap(PATH), ...network, ...SHARED, ...hidden, ...folders, '--'];
  const tried = await runGroup({ argv: [...words, 'true'] }, { cwd: checkout, env: { PATH }, timeoutMs: 10_000 });
  if (tried.exit !== 0)
    throw new ConfigurationError(
      `${VARIABLE} is ${mode}, but bubblewrap cannot make a sandbox here: ${(tried.startError ?? tried.output).trim().slice(0, 300)}`,
      `Install bubblewrap where user namespaces are allowed (many containers forbid them), or unset ${VARIABLE}.`,
    );
  return (command) => ({
    argv: [...words, ...('shell' in command ? ['/bin/sh', '-c', command.shell] : command.argv)],
  });
}

/** How the checks of a verdict ran, for people. */
export function sandboxWords(mode: SandboxMode): string {
  const held = 'in a sandbox: writing in their checkout and temporary folders only, without the places of keys';
  switch (mode) {
    case 'off':
      return `without a sandbox, as the user (${VARIABLE}=on asks for one).`;
    case 'on':
      return `${held}, with the network of the host.`;
    case 'no-network':
      return `${held}, and without a network.`;
    default:
      return mode satisfies never;
  }
}

async function findBwrap(path: string): Promise<string> {
  for (const folder of path.split(':').filter((one) => one.startsWith('/'))) {
    const program = join(folder, 'bwrap');
    const runs = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return program;
  }
  return 'bwrap';
}

/** Everything can be read, devices and shared memory are the host's, processes its own. */
const SHARED = [
  '--die-with-parent',
  '--unshare-pid',
  ...['--ro-bind', '/', '/'],
  ...['--dev-bind', '/dev', '/dev'],
  ...['--proc', '/proc'],
];

/** An empty file and not /dev/null: a device that is bound like that cannot be opened. */
async function hiddenKeys(home: string, empty: string): Promise<string[]> {
  const options = await Promise.all(
    CREDENTIALS_IN_HOME.map(async (path) => {
      const place = join(home, path);
      const found = await lstat(place).catch(() => undefined);
      if (found?.isDirectory()) return ['--tmpfs', place];
      return found?.isFile() ? ['--ro-bind', empty, place] : [];
    }),
  );
  return options.flat();
}
