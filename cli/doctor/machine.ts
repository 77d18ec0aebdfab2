/** What the machine has to offer: Node.js, SQLite, git, and a place for what the product keeps. */
import { constants, existsSync } from 'node:fs';
import { access, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { git } from '../../context/git.ts';
import { productHome } from '../../context/repository.ts';
import { openDatabase } from '../../store/sqlite.ts';
import { type Check, check, ok } from './check.ts';

const NODE = [20, 19] as const;
/** `rev-parse --path-format` is the youngest of what is used. */
const GIT = [2, 31] as const;

export async function machineChecks(): Promise<Check[]> {
  return [
    await check('node', async () => {
      const { node } = process.versions;
      if (atLeast(node, NODE)) return ok(`Node.js ${node}`);
      return { status: 'fail', detail: `Node.js ${node} is too old`, fix: 'Install Node.js 20.19 or newer.' };
    }),
    await check('sqlite', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'self-healing-doctor-'));
      try {
        const database = openDatabase(join(folder, 'state.db'));
        const version = database.get<{ version: string }>('SELECT sqlite_version() AS version')?.version;
        database.close();
        return ok(`SQLite ${version} through ${database.driver}`);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }),
    await check('git', async () => {
      const version = (await git(['--version'], { cwd: tmpdir() })).replace(/^git version /, '').trim();
      if (atLeast(version, GIT)) return ok(`git ${version}`);
      return { status: 'fail', detail: `git ${version} is too old`, fix: 'Install git 2.31 or newer.' };
    }),
    await dataCheck(productHome()),
  ];
}

/** Looks only: the folder is made by the first run that needs it. */
export function dataCheck(folder: string): Promise<Check> {
  return check('data', async () => {
    let at = folder;
    while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
    const problem = (await stat(at)).isDirectory() ? await unwritable(at) : `${at} is not a folder`;
    if (problem === undefined) return ok(folder);
    const fix = 'Make it writable, or set SELF_HEALING_HOME to another folder.';
    return { status: 'fail', detail: `nothing can be kept in ${folder}: ${problem}`, fix };
  });
}

async function unwritable(folder: string): Promise<string | undefined> {
  try {
    await access(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return `${folder} cannot be written (${(error as NodeJS.ErrnoException).code})`;
  }
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number);
  return first > major || (first === major && second >= minor);
}
