/** Checks that a project has besides its tests: scripts whose exit code judges the code. */
import { packageManager, readPackage } from './package-json.ts';
import type { ProjectFiles } from './project-files.ts';

export interface DetectedCheck {
  name: string;
  command: string;
  why: string;
}

const SCRIPTS: [scripts: string[], name: string][] = [
  [['lint'], 'the linter finds nothing'],
  [['typecheck', 'type-check', 'types', 'check-types', 'tsc'], 'the type checker finds nothing'],
];

export async function detectChecks(files: ProjectFiles): Promise<DetectedCheck[]> {
  const manifest = await readPackage(files);
  if (!manifest || manifest === 'broken') return [];
  const manager = packageManager(manifest, files);
  return SCRIPTS.flatMap(([scripts, name]) => {
    const script = scripts.find((candidate) => manifest.scripts[candidate] !== undefined);
    if (script === undefined) return [];
    return [
      {
        name,
        command: `${manager} run ${script}`,
        why: `the project's own script ${script}: ${manifest.scripts[script]}`,
      },
    ];
  });
}
