import { describe, expect, it } from 'vitest';
import { findLockTampering } from '../../../gate/tampering/lock-file.ts';

const HOST = 'https://registry.example.org';
const entry = (version: string, more: Record<string, string | undefined> = {}) => ({
  version,
  resolved: `${HOST}/left/-/left-${version}.tgz`,
  integrity: `sha512-${version}`,
  ...more,
});
const npm = (left: object, more: object = {}) =>
  `${JSON.stringify({ lockfileVersion: 3, packages: { '': { name: 'shop' }, 'node_modules/left': left, ...more } }, null, 2)}\n`;
const BASE = npm({ ...entry('1.0.0'), funding: { url: 'https://money.example.com' } });
const told = (newText: string, oldText = BASE, path = 'package-lock.json') =>
  findLockTampering(path, oldText, newText).map(({ code, line }) => `${code}:${line}`);

describe('package-lock.json', () => {
  it('lets a version and a new package of the same registry through', () => {
    expect(told(npm(entry('1.1.0'), { 'node_modules/@a/b': entry('2.0.0') }))).toEqual([]);
    expect(told(npm(entry('1.1.0', { resolved: undefined, integrity: 'sha512-x' })))).toEqual([]);
  });

  it.each([
    ['another host', entry('1.1.0', { resolved: 'https://money.example.com/left.tgz' }), 'lock_source:7'],
    ['a host in front of an @', entry('1.1.0', { resolved: `${HOST}@evil.example/left.tgz` }), 'lock_source:7'],
    ['git', entry('1.1.0', { resolved: 'git+ssh://git@example.org/left.git#1' }), 'lock_source:7'],
    ['a file', entry('1.1.0', { resolved: 'file:left.tgz' }), 'lock_source:7'],
    ['no integrity', entry('1.1.0', { integrity: undefined }), 'lock_integrity:7'],
    ['other bytes for the same version', entry('1.0.0', { integrity: 'sha512-other' }), 'lock_integrity:7'],
  ])('refuses %s, with the line', (_name, left, code) => expect(told(npm(left))).toEqual([code]));

  it('refuses a file that is no lock file, and one that is gone', () => {
    expect(told('[]')).toEqual(['lock_source:1']);
    expect(told('')).toEqual(['lock_source:undefined']);
  });
});

describe('others', () => {
  const yarn = (version: string, host = HOST, integrity = `  integrity sha512-${version}\n`) =>
    `# yarn lockfile v1\n\nleft@^1.0.0:\n  version "${version}"\n  resolved "${host}/left-${version}.tgz#abc"\n${integrity}`;
  const pnpm = (version: string, resolution: string) =>
    `lockfileVersion: '9.0'\npackages:\n  left@${version}:\n    resolution: {${resolution}}\n`;
  const uv = (version: string, host = HOST, hash = `, hash = "sha256:${version}"`) =>
    `[[package]]\nname = "left"\nversion = "${version}"\nsdist = { url = "${host}/left-${version}.tar.gz"${hash}, size = 1 }\n`;

  it.each([
    ['yarn.lock', yarn('1.0.0'), yarn('1.1.0'), []],
    ['yarn.lock', yarn('1.0.0'), yarn('1.1.0', 'https://evil.example'), ['lock_source:5']],
    ['yarn.lock', yarn('1.0.0'), yarn('1.1.0', HOST, ''), ['lock_integrity:5']],
    ['pnpm-lock.yaml', pnpm('1.0.0', 'integrity: sha512-a'), pnpm('1.1.0', 'integrity: sha512-b'), []],
    ['pnpm-lock.yaml', pnpm('1.0.0', 'integrity: sha512-a'), pnpm('1.1.0', 'tarball: left.tgz'), ['lock_integrity:4']],
    [
      'pnpm-lock.yaml',
      pnpm('1.0.0', `integrity: sha512-a, tarball: ${HOST}/l.tgz`),
      pnpm('1.1.0', 'integrity: sha512-b, tarball: https://evil.example/l.tgz'),
      ['lock_source:4'],
    ],
    ['uv.lock', uv('1.0.0'), uv('1.1.0'), []],
    ['uv.lock', uv('1.0.0'), uv('1.1.0', 'https://evil.example'), ['lock_source:4']],
    ['uv.lock', uv('1.0.0'), uv('1.1.0', HOST, ''), ['lock_integrity:4']],
  ])('%s: %#', (path, before, after, codes) => expect(told(after, before, path)).toEqual(codes));
});
