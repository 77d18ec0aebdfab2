/** The parts of a package.json that detection reads. */
import { z } from 'zod';
import type { ProjectFiles } from './project-files.ts';

const packageSchema = z.object({
  name: z.string().catch(''),
  packageManager: z.string().optional().catch(undefined),
  workspaces: z.unknown().optional(),
  bin: z.unknown().optional(),
  scripts: z.record(z.string(), z.string()).catch({}),
  dependencies: z.record(z.string(), z.string()).catch({}),
  devDependencies: z.record(z.string(), z.string()).catch({}),
});
export type PackageJson = z.output<typeof packageSchema>;

/** The root's; undefined where there is none. */
export function readPackage(files: ProjectFiles): Promise<PackageJson | 'broken' | undefined> {
  return readManifest(files, 'package.json');
}

export async function readManifest(files: ProjectFiles, path: string): Promise<PackageJson | 'broken' | undefined> {
  const text = await files.read(path);
  if (text === undefined) return undefined;
  try {
    const parsed = packageSchema.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')));
    return parsed.success ? parsed.data : 'broken';
  } catch {
    return 'broken';
  }
}

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

const LOCK_FILES: [file: string, manager: PackageManager][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
];
const MANAGERS = [...new Set(LOCK_FILES.map(([, manager]) => manager))];

export function packageManager(manifest: PackageJson, files: ProjectFiles): PackageManager {
  const [name = ''] = manifest.packageManager?.split('@') ?? [];
  return MANAGERS.find((manager) => manager === name) ?? managerOfLock(files) ?? 'npm';
}

/** Whose lock file lies in the root. */
export function managerOfLock({ paths }: Pick<ProjectFiles, 'paths'>): PackageManager | undefined {
  return LOCK_FILES.find(([file]) => paths.includes(file))?.[1];
}
