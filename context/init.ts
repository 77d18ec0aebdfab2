/** The first `.self-healing/` of a repository: commented documents, filled only with what was found in it. */
import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../events/errors.ts';
import { detectChecks } from './detect/checks.ts';
import { filesOfFolder } from './detect/project-files.ts';
import { type Detection, detect } from './detect.ts';
import type { DraftInvariant } from './init/draft-invariants.ts';
import type { TestScenario, TriedCheck } from './init/proposals.ts';
import {
  CONFIG_FILE,
  folderLawFiles,
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
import {
  impactMapTemplate,
  incidentsTemplate,
  invariantsTemplate,
  scenariosTemplate,
  testScenarioTemplate,
} from './templates/documents.ts';

export interface Initialised {
  /** Files that were created, relative to the repository. */
  written: string[];
  /** Files that were there already and stay as they are. */
  kept: string[];
  detected: Detection;
}

export interface InitOptions {
  /** Stands in for the detected one. */
  testCommand?: string;
  /** Cases that were red when they were tried. */
  knownFailing?: readonly string[];
  /** Default: what is detected, untried. */
  checks?: readonly TriedCheck[];
  tests?: readonly TestScenario[];
  invariants?: readonly DraftInvariant[];
}

async function refuseLink(root: string, folder: string): Promise<void> {
  const stat = await lstat(join(root, folder)).catch(() => undefined);
  if (stat && !stat.isDirectory())
    throw new UserError(
      `${folder} is not a folder.`,
      'Move it away; the living context lives in a folder of that name.',
    );
}

/** Writes what is missing and overwrites nothing. */
export async function initialise(
  repository: Pick<Repository, 'root'>,
  options: InitOptions = {},
): Promise<Initialised> {
  const { root } = repository;
  for (const folder of [LAW_FOLDER, SCENARIOS_FOLDER, SCHEMA_FOLDER]) await refuseLink(root, folder);
  const project = await filesOfFolder(root);
  const detected = await detect(project);
  const written: string[] = [];
  const kept: string[] = [];
  for (const [path, text] of [
    configFile(detected, options),
    ...scenarioFiles(options.checks ?? (await detectChecks(project)), options.tests ?? [], await hasScenarios(root)),
    [INVARIANTS_FILE, invariantsTemplate(options.invariants)] as const,
    [IMPACT_MAP_FILE, impactMapTemplate()] as const,
    [INCIDENTS_FILE, incidentsTemplate()] as const,
    ...SCHEMA_NAMES.map((name) => [`${SCHEMA_FOLDER}/${name}.json`, jsonSchemaText(name)] as const),
    [`${LAW_FOLDER}/.gitignore`, 'state.db*\n.gitignore\n'] as const,
  ])
    ((await create(join(root, path), text)) ? written : kept).push(path);
  return { written, kept, detected };
}

function configFile(detected: Detection, { testCommand, knownFailing = [] }: InitOptions): readonly [string, string] {
  const command = testCommand ?? detected.testCommand;
  const why = command === detected.testCommand ? detected.testWhy : '';
  const { services } = detected;
  return [CONFIG_FILE, configTemplate({ testCommand: command, testWhy: why, knownFailing, services })];
}

/** Where somebody has written scenarios already, their ids may be taken: nothing is added. */
function scenarioFiles(checks: readonly TriedCheck[], tests: readonly TestScenario[], taken: boolean) {
  const project = [`${SCENARIOS_FOLDER}/project.yaml`, scenariosTemplate(checks)] as const;
  if (taken) return [[project[0], scenariosTemplate([])] as const];
  const own = tests.map(
    (test, index) =>
      [`${SCENARIOS_FOLDER}/${test.module}.yaml`, testScenarioTemplate(test, checks.length + index + 1)] as const,
  );
  return [project, ...own];
}

/** Scenarios that people or an earlier `init` wrote. */
export async function hasScenarios(root: string): Promise<boolean> {
  return [...(await folderLawFiles(root)).keys()].some((path) => path.startsWith(`${SCENARIOS_FOLDER}/`));
}

/** False when there is something of that name already. */
async function create(file: string, text: string): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
