/** The first `.self-healing/` of a repository: commented documents, filled only with what was found in it. */
import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../events/errors.ts';
import { detectChecks } from './detect/checks.ts';
import { filesOfFolder } from './detect/project-files.ts';
import { type Detection, detect } from './detect.ts';
import {
  CONFIG_FILE,
  IMPACT_MAP_FILE,
  INCIDENTS_FILE,
  INVARIANTS_FILE,
  LAW_FOLDER,
  SCENARIOS_FOLDER,
} from './law/files.ts';
import type { Repository } from './repository.ts';
import { jsonSchemaText } from './schemas/json-schema.ts';
import { SCHEMA_FOLDER, SCHEMA_NAMES } from './schemas/schema-comment.ts';
import { configTemplate } from './templates/config.ts';
import { impactMapTemplate, incidentsTemplate, invariantsTemplate, scenariosTemplate } from './templates/documents.ts';

export interface Initialised {
  /** Files that were created, relative to the repository. */
  written: string[];
  /** Files that were there already and stay as they are. */
  kept: string[];
  detected: Detection;
}

async function refuseLink(root: string, folder: string): Promise<void> {
  const stat = await lstat(join(root, folder)).catch(() => undefined);
  if (stat && !stat.isDirectory())
    throw new UserError(
      `${folder} is not a folder.`,
      'Move it away; the living context lives in a folder of that name.',
    );
}

/** Writes what is missing and overwrites nothing. `testCommand` stands in for the detected one. */
export async function initialise(
  repository: Pick<Repository, 'root'>,
  options: { testCommand?: string } = {},
): Promise<Initialised> {
  const { root } = repository;
  const project = await filesOfFolder(root);
  const detected = await detect(project);
  const files: [path: string, text: string][] = [
    [CONFIG_FILE, configTemplate({ testCommand: options.testCommand ?? detected.testCommand })],
    [`${SCENARIOS_FOLDER}/project.yaml`, scenariosTemplate(await detectChecks(project))],
    [INVARIANTS_FILE, invariantsTemplate()],
    [IMPACT_MAP_FILE, impactMapTemplate()],
    [INCIDENTS_FILE, incidentsTemplate()],
    ...SCHEMA_NAMES.map((name): [string, string] => [`${SCHEMA_FOLDER}/${name}.json`, jsonSchemaText(name)]),
    [`${LAW_FOLDER}/.gitignore`, 'state.db*\n.gitignore\n'],
  ];
  for (const folder of [LAW_FOLDER, SCENARIOS_FOLDER, SCHEMA_FOLDER]) await refuseLink(root, folder);
  const written: string[] = [];
  const kept: string[] = [];
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    const created = await writeFile(join(root, path), text, { flag: 'wx' }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    (created ? written : kept).push(path);
  }
  return { written, kept, detected };
}
