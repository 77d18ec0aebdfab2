/**
 * Services of a project: what is deployed for itself. Told by what people wrote for their deployment: compose files,
 * Dockerfiles, workspace packages that can be started, entry points of Python packages, a Procfile.
 */
import { posix } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readManifest } from './package-json.ts';
import type { ProjectFiles } from './project-files.ts';
import { workspacesOf } from './workspaces.ts';

export interface DetectedService {
  name: string;
  /** Short, for messages. */
  tag: string;
  /** Globs of its files. */
  paths: string[];
  /** Where the repository lies in its image; empty when unknown. */
  strip: string;
  why: string;
}

type Found = Omit<DetectedService, 'tag'>;

/** More than these are no longer read by anybody. */
const MOST = 20;

export async function detectServices(files: ProjectFiles): Promise<DetectedService[]> {
  const own = [
    ...(await fromCompose(files)),
    ...(await fromDockerfiles(files)),
    ...(await fromWorkspaces(files)),
    ...(await fromPythonProjects(files)),
  ];
  const chosen: Found[] = [];
  for (const service of own.length > 0 ? own : await fromRoot(files)) {
    const known = chosen.some(({ name, paths }) => name === service.name || paths.join() === service.paths.join());
    if (!known && chosen.length < MOST) chosen.push(service);
  }
  const tags = new Set<string>();
  return chosen.map(({ name, ...rest }) => ({ name, tag: tagOf(name, tags), ...rest }));
}

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      build: z
        .union([
          z.string().transform((context) => ({ context, dockerfile: 'Dockerfile' })),
          z.object({ context: z.string().default('.'), dockerfile: z.string().default('Dockerfile') }),
        ])
        .optional()
        .catch(undefined),
    }),
  ),
});

/** Services that are built here; those that only pull an image are somebody else's. */
async function fromCompose(files: ProjectFiles): Promise<Found[]> {
  const file = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'].find((path) =>
    files.paths.includes(path),
  );
  const composed = file === undefined ? undefined : composeSchema.safeParse(yamlOf(await files.read(file)));
  if (!composed?.success) return [];
  const found: Found[] = [];
  for (const [name, { build }] of Object.entries(composed.data.services)) {
    const folder = build && inside(build.context);
    if (build === undefined || folder === undefined) continue;
    const dockerfile = posix.join(folder, build.dockerfile);
    found.push(await service(files, { name, folder, dockerfile, why: `${file} builds it from ${build.context}` }));
  }
  return found;
}

async function fromDockerfiles(files: ProjectFiles): Promise<Found[]> {
  const dockerfiles = files.paths.filter((path) => /^(?:[^/]+\/){1,3}Dockerfile$/.test(path) && !FOREIGN.test(path));
  return Promise.all(
    dockerfiles.map((dockerfile) => {
      const folder = posix.dirname(dockerfile);
      return service(files, { name: posix.basename(folder), folder, dockerfile, why: `there is a ${dockerfile}` });
    }),
  );
}

async function fromWorkspaces(files: ProjectFiles): Promise<Found[]> {
  const found: Found[] = [];
  for (const { folder, name, manifest } of await workspacesOf(files)) {
    const started = manifest.scripts.start !== undefined;
    if (!started && manifest.bin === undefined) continue;
    const why = `${folder}/package.json has a ${started ? 'start script' : 'bin'}`;
    found.push({ name: plain(name) || posix.basename(folder), paths: [`${folder}/**`], strip: '', why });
  }
  return found;
}

async function fromPythonProjects(files: ProjectFiles): Promise<Found[]> {
  const found: Found[] = [];
  for (const path of files.paths.filter((one) => /^(?:[^/]+\/){0,3}pyproject\.toml$/.test(one) && !FOREIGN.test(one))) {
    const text = (await files.read(path)) ?? '';
    if (!/^\[(?:project|tool\.poetry)\.scripts\]/m.test(text)) continue;
    const folder = posix.dirname(path);
    const name = /^name\s*=\s*["']([\w.-]+)["']/m.exec(text)?.[1] ?? posix.basename(folder);
    found.push({ name, paths: [packageGlob(files, folder, name)], strip: '', why: `${path} has an entry point` });
  }
  return found;
}

/** `src/parcels/**`, `parcels/**`, or all of the project's folder. */
function packageGlob(files: ProjectFiles, folder: string, name: string): string {
  const module = name.replace(/[-.]/g, '_').toLowerCase();
  const candidates = [posix.join(folder, 'src', module), posix.join(folder, module)];
  const own = candidates.find((path) => files.paths.includes(`${path}/__init__.py`));
  return own === undefined ? posix.join(folder, '**') : `${own}/**`;
}

/** A repository that is one service. */
async function fromRoot(files: ProjectFiles): Promise<Found[]> {
  const manifest = await readManifest(files, 'package.json');
  const sign =
    ['Dockerfile', 'Procfile'].find((path) => files.paths.includes(path)) ??
    (manifest !== 'broken' && manifest?.scripts.start !== undefined ? 'start script in package.json' : undefined);
  if (sign === undefined) return [];
  const pyproject = (await files.read('pyproject.toml')) ?? '';
  const name =
    (manifest !== 'broken' && plain(manifest?.name ?? '')) ||
    /^name\s*=\s*["']([\w.-]+)["']/m.exec(pyproject)?.[1] ||
    'service';
  return [await service(files, { name, folder: '.', dockerfile: 'Dockerfile', why: `there is a ${sign}` })];
}

async function service(
  files: ProjectFiles,
  { name, folder, dockerfile, why }: { name: string; folder: string; dockerfile: string; why: string },
): Promise<Found> {
  const image = (await files.read(dockerfile)) ?? '';
  const workdir = [...image.matchAll(/^\s*WORKDIR\s+(\/\S*)/gim)].at(-1)?.[1] ?? '';
  // Below the image's folder lies what was copied there: only from the root are those paths the repository's own.
  return { name, paths: [posix.join(folder, '**')], strip: folder === '.' ? workdir : '', why };
}

const FOREIGN = /(^|\/)(?:node_modules|vendor|third_party|examples?|fixtures?|templates?)\//;

/** A folder of the repository, `.` for its root; undefined outside. */
function inside(path: string): string | undefined {
  if (/^[a-z]+:|^\/|^~|\$/i.test(path)) return undefined;
  const folder = posix.normalize(path).replace(/\/$/, '');
  return folder.startsWith('..') ? undefined : folder || '.';
}

/** Without its scope. */
function plain(name: string): string {
  return name.replace(/^@[^/]+\//, '');
}

/** `pricing-api` → PA, `api` → API; one that is taken gets a number. */
function tagOf(name: string, taken: Set<string>): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const short = (words.length > 1 ? words.map((word) => word[0] ?? '').join('') : (words[0] ?? 'S').slice(0, 3))
    .slice(0, 4)
    .toUpperCase();
  let tag = short;
  for (let number = 2; taken.has(tag); number++) tag = `${short}${number}`;
  taken.add(tag);
  return tag;
}

function yamlOf(text: string | undefined): unknown {
  try {
    return parse(text ?? '');
  } catch {
    return undefined;
  }
}
