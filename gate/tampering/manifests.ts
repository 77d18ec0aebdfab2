/**
 * Files that hold several things at once: package.json, pyproject.toml, setup.cfg. What decides how tests and tools run
 * stays as it is; dependencies may change only for a dependency issue, and so may lock files.
 */
import type { Change } from '../changes.ts';
import { isDependencyFile } from '../dependency-files.ts';
import { foreignLine } from '../foreign-line.ts';
import { findLockTampering } from './lock-file.ts';
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
  const file = isDependencyFile(path);
  if (file && !isDependencyIssue) return [dependencyChange(path, `the dependency file ${path}`)];
  if (file === 'lock') return findLockTampering(path, ...(await texts()));
  if (file === 'manifest')
    return /requirements[^/]*\.(?:txt|in)$|constraints[^/]*\.txt$/.test(name)
      ? requirementLines(path, ...(await texts()))
      : [];
  if (name === 'package.json') return packageJson(path, isDependencyIssue, ...(await texts()));
  if (name === 'pyproject.toml' || name === 'setup.cfg') return sections(path, isDependencyIssue, ...(await texts()));
  return isDependencyIssue && change.kind === 'source' ? [beyondDependencies(path, path)] : [];
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
    if (PACKAGE_FREE.has(field) && !isDependencyIssue) return [];
    if (PACKAGE_DEPENDENCIES.has(field))
      return isDependencyIssue ? [] : [dependencyChange(path, `"${field}" in ${path}`)];
    if (PACKAGE_FREE.has(field)) return [beyondDependencies(path, `"${field}" in ${path}`)];
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
    if (aboutDependencies && !isDependencyIssue) return [dependencyChange(path, `[${name}] in ${path}`)];
    if (aboutDependencies) {
      const others = changedKeys(before.get(name) ?? '', after.get(name) ?? '').filter(
        (key) => !isDependencyKey(name, key),
      );
      return others.map((key) => beyondDependencies(path, `"${key}" of [${name}] in ${path}`));
    }
    return [
      {
        code: 'tool_configuration',
        message: `[${name || 'the top'}] in ${path} is changed; it decides how tests or tools run.`,
        next: `Restore [${name}] as it was on the base.`,
      },
    ];
  });
}

/** Sections that hold nothing but dependencies, and keys that hold them in sections that hold other things too. */
function isDependencyKey(section: string, key: string): boolean {
  if (
    /(?:^|[.])(?:dependencies|dev-dependencies|optional-dependencies|extras_require)$|^dependency-groups$/.test(section)
  )
    return true;
  return /^(?:dependencies|optional-dependencies|requires|requires-python|install_requires|python_requires|(?:dev|constraint|override|build-constraint)-dependencies)$/.test(
    key,
  );
}

/** Keys of a section whose text differs; a line that begins no key belongs to the one above. */
function changedKeys(oldText: string, newText: string): string[] {
  const read = (text: string) => {
    const keys = new Map<string, string>();
    let key = '';
    for (const line of text.split('\n')) {
      key = /^["']?([\w.-]+)["']?\s*=(?!=)/.exec(line)?.[1] ?? key;
      keys.set(key, `${keys.get(key) ?? ''}${line}\n`);
    }
    return keys;
  };
  const [before, after] = [read(oldText), read(newText)];
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => key !== '' && before.get(key) !== after.get(key),
  );
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

/** Options of pip (an index, another file) and places to download from are no versions. */
function requirementLines(path: string, oldText: string, newText: string): Tampering[] {
  const known = new Set(oldText.split('\n').map((line) => line.trim()));
  return newText.split('\n').flatMap((text, index): Tampering[] => {
    const line = text.trim();
    if (known.has(line) || !/^-(?!-hash=)|:\/\//.test(line.replace(/(^|\s)#.*$/, ''))) return [];
    return [
      {
        code: 'lock_source',
        message: `Line ${index + 1} of ${path} says where packages come from: ${JSON.stringify(foreignLine(line, 80))}.`,
        line: index + 1,
        next: 'Change names and versions alone; an index or an address is a decision of people.',
      },
    ];
  });
}

/** What a dependency issue does not open: everything else. */
function beyondDependencies(path: string, what: string): Tampering {
  return {
    code: 'beyond_dependencies',
    message: `${what} is changed; a diagnosed dependency issue may change dependency fields, lock files and tests alone.`,
    next: `Restore ${path}, or hand over with escalate if the code has to change as well.`,
  };
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
