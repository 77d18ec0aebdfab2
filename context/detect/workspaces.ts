/** The packages of a JavaScript workspace: which folders its root declares as its own. */
import { posix } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { matches } from '../path-rules.ts';
import { type PackageJson, readManifest } from './package-json.ts';
import type { ProjectFiles } from './project-files.ts';

const globsSchema = z.array(z.string());
const manifestSchema = z.object({
  workspaces: z.union([globsSchema, z.object({ packages: globsSchema }).transform(({ packages }) => packages)]),
});
const pnpmSchema = z.object({ packages: globsSchema });

/** The folders' globs as the root's package.json (parsed) or its pnpm-workspace.yaml (text) writes them; empty for none. */
export function workspaceGlobs(manifest: unknown, pnpmWorkspace: string | undefined): string[] {
  const own = manifestSchema.safeParse(manifest);
  if (own.success) return own.data.workspaces;
  if (pnpmWorkspace === undefined) return [];
  try {
    const pnpm = pnpmSchema.safeParse(parse(pnpmWorkspace));
    return pnpm.success ? pnpm.data.packages : [];
  } catch {
    return [];
  }
}

/** Of the folders that hold a package.json those that the globs choose; `!` in front of a glob takes its folders out again. */
export function workspaceFolders(globs: readonly string[], folders: readonly string[]): string[] {
  const plain = (glob: string) => posix.normalize(glob).replace(/\/$/, '');
  const chosen = globs.filter((glob) => !glob.startsWith('!')).map(plain);
  const excluded = globs.filter((glob) => glob.startsWith('!')).map((glob) => plain(glob.slice(1)));
  return folders
    .filter((folder) => folder !== '' && matches(chosen, folder) && !matches(excluded, folder))
    .filter((folder) => !folder.split('/').includes('node_modules'))
    .sort();
}

export interface DetectedWorkspace {
  folder: string;
  name: string;
  manifest: PackageJson;
}

/** Packages of the workspace whose package.json can be read. */
export async function workspacesOf(files: ProjectFiles): Promise<DetectedWorkspace[]> {
  const root = await readManifest(files, 'package.json');
  const globs = workspaceGlobs(root, await files.read('pnpm-workspace.yaml'));
  if (globs.length === 0) return [];
  const folders = files.paths
    .filter((path) => path.endsWith('/package.json'))
    .map((path) => path.slice(0, -'/package.json'.length));
  const found: DetectedWorkspace[] = [];
  for (const folder of workspaceFolders(globs, folders)) {
    const manifest = await readManifest(files, `${folder}/package.json`);
    if (manifest !== undefined && manifest !== 'broken') found.push({ folder, name: manifest.name, manifest });
  }
  return found;
}
