/**
 * Where a changed lock file takes packages from: a host that the base's lock file does not use, a checksum that is gone,
 * or another checksum for the same version. Read per package for npm, by the changed lines for all others.
 */
import { foreignLine } from '../foreign-line.ts';
import type { Tampering } from './test-change.ts';

const NEXT =
  'Let the package manager write the lock file with the registry that the project uses; no line of it is written by hand.';

export function findLockTampering(path: string, oldText: string, newText: string): Tampering[] {
  if (newText === '') return [tampering('lock_source', `The lock file ${path} is deleted.`, undefined)];
  const isNpm = /(^|\/)(package-lock|npm-shrinkwrap)\.json$/.test(path);
  return isNpm ? npmLock(path, oldText, newText) : lineLock(path, oldText, newText);
}

interface Locked {
  version: string | undefined;
  resolved: string | undefined;
  integrity: string | undefined;
}

function npmLock(path: string, oldText: string, newText: string): Tampering[] {
  const before = readNpm(oldText);
  const after = readNpm(newText);
  if (!after) return [tampering('lock_source', `${path} is no lock file that npm writes.`, 1)];
  const hosts = new Set([...(before?.values() ?? [])].flatMap(({ resolved }) => hostsOf(resolved ?? '')));
  const lines = newText.split('\n');
  return [...after].flatMap(([name, now]): Tampering[] => {
    const was = before?.get(name);
    const at = () => lineOf(lines, name);
    const said = JSON.stringify(foreignLine(name, 80));
    const host = hostsOf(now.resolved ?? '').find((one) => !hosts.has(one));
    if (host !== undefined && (hosts.size > 0 || !host.startsWith('https:')))
      return [foreignHost(path, said, host, at())];
    const remote = /^https?:/.test(now.resolved ?? '');
    if (now.integrity === undefined && (was?.integrity !== undefined || (remote && was?.resolved !== now.resolved)))
      return [tampering('lock_integrity', `${said} in ${path} has no integrity.`, at())];
    const same = was?.version === now.version && was?.integrity !== undefined && now.integrity !== was.integrity;
    if (same && algorithmOf(was?.integrity) === algorithmOf(now.integrity))
      return [tampering('lock_integrity', `${said} in ${path} has another integrity for the same version.`, at())];
    return [];
  });
}

/** Both the tree of lock files of version 1 and the list of the later ones. */
function readNpm(text: string): Map<string, Locked> | undefined {
  const found = new Map<string, Locked>();
  const string = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const object = (value: unknown) =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const take = (list: unknown, prefix: string) => {
    for (const [name, value] of Object.entries(object(list))) {
      const { version, resolved, integrity, dependencies } = object(value);
      const bare = prefix !== '' || !name.includes('node_modules') ? string(version) : undefined;
      const from = string(resolved) ?? (bare !== undefined && /^[a-z+]+:/.test(bare) ? bare : undefined);
      found.set(`${prefix}${name}`, { version: string(version), resolved: from, integrity: string(integrity) });
      if (prefix !== '') take(dependencies, `${prefix}${name}/node_modules/`);
    }
  };
  try {
    const root = object(JSON.parse(text));
    if (root.packages === undefined && root.dependencies === undefined) return undefined;
    take(root.packages, '');
    take(root.dependencies, 'node_modules/');
    return found;
  } catch {
    return undefined;
  }
}

/** yarn, pnpm, uv, poetry and others name sources and checksums on lines of their own. */
function lineLock(path: string, oldText: string, newText: string): Tampering[] {
  const known = new Set(oldText.split('\n'));
  const hosts = new Set(hostsOf(oldText));
  const hashed = /\b(?:integrity|checksum|hash)\b/.test(oldText) || oldText.includes('sha256:');
  const lines = newText.split('\n');
  return lines.flatMap((text, index): Tampering[] => {
    if (known.has(text)) return [];
    const host = hostsOf(text).find((one) => !hosts.has(one));
    if (host !== undefined && (hosts.size > 0 || !host.startsWith('https:')))
      return [foreignHost(path, JSON.stringify(foreignLine(text, 80)), host, index + 1)];
    if (hashed && isSource(text) && !hasChecksum(lines, index))
      return [
        tampering('lock_integrity', `Line ${index + 1} of ${path} names a package without a checksum.`, index + 1),
      ];
    return [];
  });
}

/** A line that says where a package's file is: pnpm's resolution, yarn's resolved or resolution, a file of uv or poetry. */
function isSource(line: string): boolean {
  return /^\s+(?:resolution: \{|resolved |resolution: "[^"]+@npm:)|\{\s*(?:file|url)\s*=/.test(line);
}

/** On the line itself, or on a neighbouring line of the same block. */
function hasChecksum(lines: readonly string[], at: number): boolean {
  const checksum = /\b(?:integrity|checksum|hash)\b/;
  if (checksum.test(lines[at] ?? '')) return true;
  if (/[{]/.test(lines[at] ?? '')) return false;
  for (let next = at + 1; /^\s+\S/.test(lines[next] ?? ''); next++) if (checksum.test(lines[next] ?? '')) return true;
  return false;
}

/** `https://host`, `git+ssh://host`, `file:`; credentials in front of a host do not make it another one. */
function hostsOf(text: string): string[] {
  return [...text.matchAll(/\b((?:[a-z][a-z+]*):\/\/)(?:[^\s/"'@]*@)?([^\s/"'?#)]*)|(?<![\w.])(file):(?!\/\/)/g)].map(
    ([, scheme = '', host = '', file]) => (file === undefined ? `${scheme}${host}`.toLowerCase() : 'file:'),
  );
}

function algorithmOf(integrity: string | undefined): string {
  return (integrity ?? '').split('-', 1)[0] ?? '';
}

/** The package's own entry; 1 when the file names it otherwise. */
function lineOf(lines: readonly string[], name: string): number {
  const short = name.slice(name.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const at = (wanted: string) => lines.findIndex((line) => line.trimStart().startsWith(`${JSON.stringify(wanted)}:`));
  const full = at(name);
  return (full >= 0 ? full : Math.max(0, at(short))) + 1;
}

function foreignHost(path: string, what: string, host: string, line: number): Tampering {
  return tampering(
    'lock_source',
    `${what} in ${path} is taken from ${foreignLine(host, 120)}, which the lock file of the base does not use.`,
    line,
  );
}

function tampering(code: string, message: string, line: number | undefined): Tampering {
  return { code, message, next: NEXT, ...(line === undefined ? {} : { line }) };
}
