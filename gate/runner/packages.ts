/** The package.json files of a checkout as far as they decide what a test command runs: scripts, and workspaces. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { workspaceFolders, workspaceGlobs } from '../../context/detect/workspaces.ts';

export interface Packages {
  /** Scripts of the package.json in a folder (relative to the checkout, `''` is its root); undefined when there is none. */
  scripts(folder: string): Record<string, string> | undefined;
  /** The root's workspaces, in the order of their folders. */
  workspaces(): Workspace[];
}

export interface Workspace {
  name: string;
  folder: string;
}

const DEEPEST = 4;
const manifestSchema = z.object({
  name: z.string().catch(''),
  scripts: z.record(z.string(), z.unknown()).catch({}),
});

export function packagesIn(checkout: string): Packages {
  let workspaces: Workspace[] | undefined;
  return {
    scripts(folder) {
      const manifest = manifestSchema.safeParse(readJson(join(checkout, folder, 'package.json')));
      if (!manifest.success) return undefined;
      const entries = Object.entries(manifest.data.scripts);
      return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    },
    workspaces() {
      workspaces ??= readWorkspaces(checkout);
      return workspaces;
    },
  };
}

function readWorkspaces(checkout: string): Workspace[] {
  const globs = workspaceGlobs(
    readJson(join(checkout, 'package.json')),
    readText(join(checkout, 'pnpm-workspace.yaml')),
  );
  if (globs.length === 0) return [];
  return workspaceFolders(globs, packageFolders(checkout, '', DEEPEST)).map((folder) => {
    const manifest = manifestSchema.safeParse(readJson(join(checkout, folder, 'package.json')));
    return { folder, name: manifest.success ? manifest.data.name : '' };
  });
}

function packageFolders(checkout: string, folder: string, depth: number): string[] {
  const entries = readdirSync(join(checkout, folder), { withFileTypes: true });
  const own = entries.some(({ name }) => name === 'package.json') ? [folder] : [];
  if (depth === 0) return own;
  const inner = entries.filter(
    (entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'),
  );
  return [
    ...own,
    ...inner.flatMap(({ name }) => packageFolders(checkout, folder === '' ? name : `${folder}/${name}`, depth - 1)),
  ];
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readText(file) ?? '');
  } catch {
    return undefined;
  }
}
