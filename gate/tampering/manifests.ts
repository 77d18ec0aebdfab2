/**
 * Files that hold several things at once: package.json, pyproject.toml, setup.cfg. What decides how tests and tools run
 * stays as it is; dependencies may change only for a dependency issue, and so may lock files.
 */
import type { Change } from '../changes.ts';
import { isDependencyFile } from '../dependency-files.ts';
import type { Tampering } from './test-change.ts';

const PACKAGE_DEPENDENCIES = new Set([
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'optionalDependencies',
  'bundledDependencies',
  'bundleDependencies',
  'overrides',
  'resolutions',
]);
/** Descriptions and entry points: what the package says about itself and where its own code is. */
const PACKAGE_FREE = new Set([
  'name',
  'version',
  'description',
  'keywords',
  'homepage',
  'bugs',
  'license',
  'author',
  'contributors',
  'funding',
  'files',
  'main',
  'module',
  'browser',
  'types',
  'typings',
  'exports',
  'bin',
  'man',
  'sideEffects',
  'repository',
  'private',
]);

export async function findManifestTampering(
  change: Change,
  isDependencyIssue: boolean,
  texts: () => Promise<readonly [oldText: string, newText: string]>,
): Promise<Tampering[]> {
  const { path } = change;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isDependencyFile(path)) return isDependencyIssue ? [] : [dependencyChange(path, `the dependency file ${path}`)];
  if (name === 'package.json') return packageJson(path, isDependencyIssue, ...(await texts()));
  if (name === 'pyproject.toml' || name === 'setup.cfg') return sections(path, isDependencyIssue, ...(await texts()));
  return [];
}

function packageJson(path: string, isDependencyIssue: boolean, oldText: string, newText: string): Tampering[] {
  const before = parse(oldText);
  const after = parse(newText);
  if (!after || !before)
    return [
      {
        code: 'package_json',
        message: `${path} is ${newText === '' ? 'deleted' : 'no JSON object'}.`,
        next: 'Restore it as it was on the base.',
      },
    ];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  return fields.flatMap((field): Tampering[] => {
    if (PACKAGE_FREE.has(field)) return [];
    if (PACKAGE_DEPENDENCIES.has(field))
      return isDependencyIssue ? [] : [dependencyChange(path, `"${field}" in ${path}`)];
    return [
      {
        code: field === 'scripts' ? 'package_scripts' : 'package_json',
        message: `"${field}" in ${path} is changed; it decides what the project's commands run, or how.`,
        next: `Restore "${field}" as it was on the base.`,
      },
    ];
  });
}

/** Sections of TOML and INI files whose lines differ, whatever the order they stand in. */
function sections(path: string, isDependencyIssue: boolean, oldText: string, newText: string): Tampering[] {
  const before = readSections(oldText);
  const after = readSections(newText);
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  return names.flatMap((name): Tampering[] => {
    const aboutDependencies =
      /^(?:project|build-system|dependency-groups|tool\.(?:poetry|uv|pdm|hatch\.metadata|setuptools)|options|metadata)(?:[.:].*)?$/.test(
        name,
      );
    if (aboutDependencies) return isDependencyIssue ? [] : [dependencyChange(path, `[${name}] in ${path}`)];
    return [
      {
        code: 'tool_configuration',
        message: `[${name || 'the top'}] in ${path} is changed; it decides how tests or tools run.`,
        next: `Restore [${name}] as it was on the base.`,
      },
    ];
  });
}

function readSections(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let name = '';
  for (const line of text.split('\n')) {
    const header = /^\s*\[\[?\s*([^[\]]+?)\s*\]\]?\s*(?:[#;].*)?$/.exec(line)?.[1];
    if (header !== undefined) name = header.replace(/["'\s]/g, '');
    else if (/^\s*[^\s#;]/.test(line)) found.set(name, `${found.get(name) ?? ''}${line.trim()}\n`);
  }
  return found;
}

function dependencyChange(path: string, what: string): Tampering {
  return {
    code: 'dependencies',
    message: `${what} is changed, which only a diagnosed dependency issue may do.`,
    next: `Restore ${path}, or hand over with escalate if the dependency itself is the cause.`,
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
