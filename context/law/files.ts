/** Which files of `.self-healing/` are law, and their bytes: from a commit (never the disk) or from a folder. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '../../events/errors.ts';
import { git } from '../git.ts';

export const LAW_FOLDER = '.self-healing';
export const CONFIG_FILE = `${LAW_FOLDER}/config.yaml`;
export const INVARIANTS_FILE = `${LAW_FOLDER}/invariants.yaml`;
export const IMPACT_MAP_FILE = `${LAW_FOLDER}/impact-map.yaml`;
export const INCIDENTS_FILE = `${LAW_FOLDER}/incidents.yaml`;
export const SCENARIOS_FOLDER = `${LAW_FOLDER}/scenarios`;

export const SINGLE_FILES = [CONFIG_FILE, INVARIANTS_FILE, IMPACT_MAP_FILE, INCIDENTS_FILE];
const SCENARIO_FILE = /^\.self-healing\/scenarios\/[^/]+\.yaml$/;

export function isScenarioFile(path: string): boolean {
  return SCENARIO_FILE.test(path);
}

/** True for the YAML documents of the living context; the machine's own files beside them are none. */
export function isLawFile(path: string): boolean {
  return SINGLE_FILES.includes(path) || isScenarioFile(path);
}

/** Law files by repository-relative path, in the order in which they are read. */
export type LawFiles = Map<string, Buffer>;

function sorted(entries: Iterable<readonly [string, Buffer]>): LawFiles {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function refuseLink(path: string): never {
  throw new ConfigurationError(`${path} is not a regular file.`, 'Replace it with the file itself; links are not law.');
}

interface TreeEntry {
  path: string;
  mode: string;
  id: string;
}

async function listTree(root: string, commit: string, signal: AbortSignal | undefined): Promise<TreeEntry[]> {
  const listed = await git(['ls-tree', '-r', '-z', '--full-tree', commit, '--', LAW_FOLDER], {
    cwd: root,
    ...(signal ? { signal } : {}),
  });
  return listed.split('\0').flatMap((line) => {
    const [, mode, id, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    return mode && id && path ? [{ mode, id, path }] : [];
  });
}

/** `git cat-file --batch` answers `<id> <type> <size>\n<bytes>\n` for each id asked. */
function splitBatch(output: Buffer): Buffer[] {
  const blobs: Buffer[] = [];
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(0x0a, at);
    const size = Number(output.toString('latin1', at, end).split(' ')[2]);
    if (end < 0 || !Number.isInteger(size)) throw new Error('git cat-file --batch answered in an unknown form');
    blobs.push(output.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return blobs;
}

/** The law files of a commit. `root` is any checkout of the repository. */
export async function committedLawFiles(root: string, commit: string, signal?: AbortSignal): Promise<LawFiles> {
  const entries = (await listTree(root, commit, signal)).filter(({ path }) => isLawFile(path));
  for (const { path, mode } of entries) if (!mode.startsWith('100')) refuseLink(path);
  if (entries.length === 0) return new Map();
  const output = await git(['cat-file', '--batch'], {
    cwd: root,
    input: entries.map(({ id }) => `${id}\n`).join(''),
    encoding: 'latin1',
    ...(signal ? { signal } : {}),
  });
  const blobs = splitBatch(Buffer.from(output, 'latin1'));
  return sorted(entries.map(({ path }, index) => [path, blobs[index] ?? Buffer.alloc(0)]));
}

/** The law files of a folder as they are on disk now. Links are refused, so that nothing outside is read. */
export async function folderLawFiles(folder: string): Promise<LawFiles> {
  const base = await lstat(join(folder, LAW_FOLDER)).catch(() => undefined);
  if (!base) return new Map();
  if (base.isFile())
    throw new ConfigurationError(
      `${LAW_FOLDER} is a file; the documents of self-healing stand in a folder of that name.`,
      'Rename or remove it.',
    );
  if (!base.isDirectory()) refuseLink(LAW_FOLDER);
  const scenarios = await lstat(join(folder, SCENARIOS_FOLDER)).catch(() => undefined);
  if (scenarios && !scenarios.isDirectory()) refuseLink(SCENARIOS_FOLDER);
  const names = scenarios ? await readdir(join(folder, SCENARIOS_FOLDER)) : [];
  const paths = [...SINGLE_FILES, ...names.map((name) => `${SCENARIOS_FOLDER}/${name}`).filter(isLawFile)];
  const files = await Promise.all(
    paths.map(async (path): Promise<[string, Buffer][]> => {
      const stat = await lstat(join(folder, path)).catch(() => undefined);
      if (!stat) return [];
      return stat.isFile() ? [[path, await readFile(join(folder, path))]] : refuseLink(path);
    }),
  );
  return sorted(files.flat());
}
