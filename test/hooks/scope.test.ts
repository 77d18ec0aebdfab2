/** Where an agent may write and read: by where a path really leads, whatever it looks like. */
import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forbiddenPaths } from '../../gate/forbidden-paths.ts';
import { type FixScope, judgeRead, judgeWrite } from '../../hooks/scope.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'scope-')));
const main = join(root, 'main');
const worktree = join(main, '.worktrees/fix');
const forbids = forbiddenPaths(['**/auth/**']);
const scope: FixScope = {
  incident: 'INC-0000000000000000',
  worktree,
  protectedFolders: [main],
  affectedFiles: ['src/a.js', 'src/new/b.js'],
  forbiddenBy: (path) => forbids(path)?.pattern,
  isTest: (path) => /(^|\/)test\//.test(path),
};
const rule = (path: string, of: FixScope = scope) => judgeWrite(of, path)?.rule ?? 'allowed';
const at = (path: string) => `${worktree}/${path}`;

function put(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'x');
  return path;
}

beforeAll(() => {
  for (const file of ['src/a.js', 'src/other.js', 'src/auth/login.js', 'test/a.test.js', '.git']) put(at(file));
  for (const file of ['src/a.js', 'node_modules/left/index.js', '.git/config', 'secrets.txt']) put(join(main, file));
  mkdirSync(at('node_modules'));
  symlinkSync(join(main, 'node_modules/left'), at('node_modules/left'));
  symlinkSync('../src', at('test/source'));
  symlinkSync(join(main, 'secrets.txt'), at('test/away.js'));
  symlinkSync(join(main, 'not-there-yet.txt'), at('test/dangling.js'));
  symlinkSync('round.js', at('test/round.js'));
  symlinkSync('a.test.js', at('test/other-name.js'));
  mkdirSync(at('src/auth/deep'), { recursive: true });
  symlinkSync('../src/auth/deep', at('test/deep'));
  symlinkSync('../a.js', at('src/auth/link.js'));
  linkSync(join(main, 'secrets.txt'), at('test/hard.js'));
  linkSync(at('src/auth/login.js'), at('test/forbidden-hard.js'));
  linkSync(at('test/a.test.js'), at('test/twice.test.js'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('judgeWrite', () => {
  it.each([
    ['src/a.js', 'allowed'],
    ['./src//a.js', 'allowed'],
    ['src/../src/a.js', 'allowed'],
    ['test/new/c.test.js', 'allowed'],
    ['test/other-name.js', 'allowed'],
    ['src/__snapshots__/a.js.snap', 'allowed'],
    ['src/new', 'allowed'],
    ['src/new/b.js', 'allowed'],
    ['src', 'scope.outside_diagnosis'],
    ['src/other.js', 'scope.outside_diagnosis'],
    ['test/source/other.js', 'scope.outside_diagnosis'],
    ['test/source/a.js', 'allowed'],
    ['test/source/auth/login.js', 'scope.forbidden_path'],
    ['SRC/AUTH/login.js', 'scope.forbidden_path'],
    ['src/Ａuth/login.js', 'scope.forbidden_path'],
    ['src/auth', 'scope.forbidden_path'],
    ['.git', 'scope.git_folder'],
    ['.GIT/config', 'scope.git_folder'],
    ['.g\u200cit/config', 'scope.git_folder'],
    ['test/x/.git/config', 'scope.git_folder'],
    ['', 'scope.git_folder'],
    ['.self-healing/scenarios/a.yaml', 'scope.living_context'],
    ['.Self-Healing/scenarios/a.yaml', 'scope.living_context'],
    ['.self-healing/config.yaml', 'scope.always_forbidden_path'],
    ['test/.npmrc', 'scope.always_forbidden_path'],
    ['test/claude.md', 'scope.always_forbidden_path'],
    ['.claude/settings.json', 'scope.always_forbidden_path'],
    ['../../src/a.js', 'scope.outside_worktree'],
    ['test/../../../src/a.js', 'scope.outside_worktree'],
    ['test/away.js', 'scope.outside_worktree'],
    ['test/away.js/', 'scope.outside_worktree'],
    ['test/dangling.js', 'scope.outside_worktree'],
    ['node_modules/left/index.js', 'scope.outside_worktree'],
    ['node_modules/right/test/x.js', 'scope.outside_diagnosis'],
    ['test/hard.js', 'scope.outside_worktree'],
    ['test/forbidden-hard.js', 'scope.forbidden_path'],
    ['test/twice.test.js', 'allowed'],
    ['test/round.js', 'scope.unknown_path'],
    ['test/no\0thing', 'scope.unknown_path'],
    // The kernel takes `..` after the link and writes src/auth/…; an editor takes it before.
    ['test/deep/../login.js', 'scope.forbidden_path'],
    ['src/auth/link.js', 'scope.forbidden_path'],
  ])('%j: %s', (path, expected) => {
    expect(rule(at(path))).toBe(expected);
  });

  it.each([
    ['/etc/hosts', 'scope.outside_worktree'],
    ['/dev/null', 'allowed'],
    ['/dev/fd/7', 'scope.unknown_path'],
    ['/proc/self/cwd/src/a.js', 'scope.unknown_path'],
    ['/proc/1/root/etc/hosts', 'scope.unknown_path'],
    ['/', 'scope.outside_worktree'],
  ])('%s: %s', (path, expected) => {
    expect(rule(path)).toBe(expected);
  });

  it('lets the temporary folder be used, but nothing of somebody else in it', () => {
    const temporary = realpathSync(tmpdir());
    expect(rule(join(temporary, 'scratch-of-the-agent/out.txt'))).toBe('allowed');
    expect(rule(temporary)).toBe('scope.outside_worktree');
    expect(rule(root)).toBe('scope.outside_worktree');
    expect(rule(join(main, 'src/a.js'))).toBe('scope.outside_worktree');
    expect(rule(join(main.toUpperCase(), 'src/a.js'))).toBe('scope.outside_worktree');
    put(join(root, 'stranger/.git/HEAD'));
    expect(rule(join(root, 'stranger/src/a.js'))).toBe('scope.outside_worktree');
    linkSync(join(main, 'secrets.txt'), join(root, 'hard'));
    expect(rule(join(root, 'hard'))).toBe('scope.outside_worktree');
  });

  it('lets nothing be changed once the fix was handed in, and nothing but tests before a diagnosis', () => {
    const closed = { ...scope, closed: 'the fix of INC-0000000000000000 was handed in' };
    expect(rule(at('src/a.js'), closed)).toBe('scope.closed');
    expect(rule(at('test/new.js'), closed)).toBe('scope.closed');
    expect(rule('/dev/null', closed)).toBe('allowed');
    expect(rule(at('src/a.js'), { ...scope, affectedFiles: null })).toBe('scope.no_diagnosis');
    expect(rule(at('test/new.js'), { ...scope, affectedFiles: null })).toBe('allowed');
  });

  it('takes a diagnosed link for the file it leads to', () => {
    expect(rule(at('src/a.js'), { ...scope, affectedFiles: ['test/source/a.js'] })).toBe('allowed');
  });

  it('says with every denial what to do instead, and who could open a path', () => {
    const reason = (path: string) => judgeWrite(scope, path)?.reason;
    expect(reason(at('src/auth/login.js'))).toBe(
      'Denied: src/auth/login.js is a forbidden path (**/auth/**), and only a person opens it, in guardrails.forbidden_paths. Fix the cause elsewhere, or call escalate and describe the change that a person should make.',
    );
    expect(reason(at('.npmrc'))).toBe(
      'Denied: no setting opens .npmrc (**/.npmrc) for a fix. Fix the cause elsewhere, or call escalate and describe the change that a person should make.',
    );
    expect(reason(at('test/away.js'))).toBe(
      `Denied: ${at('test/away.js')} is outside the worktree (it leads to ${join(main, 'secrets.txt')}). Change files below ${worktree} only.`,
    );
  });

  it('judges any way of writing a path as it judges the real target', () => {
    const targets = [
      'src/a.js',
      'src/other.js',
      'src/auth/login.js',
      'test/a.test.js',
      'test/new.js',
      '../../secrets.txt',
    ];
    const links = join(root, 'links');
    mkdirSync(links);
    let made = 0;
    const detour = fc.constantFrom('same', 'dots', 'up', 'slashes', 'folder link', 'file link', 'relative link');
    fc.assert(
      fc.property(fc.constantFrom(...targets), fc.array(detour, { maxLength: 6 }), (target, detours) => {
        const real = join(worktree, target);
        const expected = rule(real);
        const written = detours.reduce((path, kind) => {
          const folder = join(links, String(++made));
          const file = path.slice(path.lastIndexOf('/') + 1);
          const above = path.slice(0, path.lastIndexOf('/'));
          switch (kind) {
            case 'dots':
              return `${above}/./${file}`;
            case 'up':
              // An existing folder is gone into and left again; the folder of the file itself always exists.
              return `${above}/../${realName(above)}/${file}`;
            case 'slashes':
              return path.replaceAll('/', '//');
            case 'folder link':
              symlinkSync(above, folder);
              return `${folder}/${file}`;
            case 'file link':
              symlinkSync(path, folder);
              return folder;
            case 'relative link':
              symlinkSync(relative(links, realpathSync.native(above)) || '.', folder);
              return `${folder}/${file}`;
            default:
              return path;
          }
        }, real);
        expect(rule(written)).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});

/** The last part of the folder that the path really leads to: what `..` and back has to name. */
function realName(folder: string): string {
  const real = realpathSync.native(folder);
  return real.slice(real.lastIndexOf('/') + 1);
}

describe('judgeRead', () => {
  const home = join(root, 'home');
  const read = (path: string) => judgeRead(scope, path, home)?.rule ?? 'allowed';

  it.each([
    ['.ssh/id_ed25519', 'scope.outside_worktree'],
    ['.ssh', 'scope.outside_worktree'],
    ['.SSH/config', 'scope.outside_worktree'],
    ['.aws/credentials', 'scope.outside_worktree'],
    ['.config/gh/hosts.yml', 'scope.outside_worktree'],
    ['.netrc', 'scope.outside_worktree'],
    ['project/.env', 'scope.outside_worktree'],
    ['project/.env.local', 'scope.outside_worktree'],
    ['project/.env.example', 'allowed'],
    ['project/src/env.ts', 'allowed'],
    ['.bashrc', 'allowed'],
    ['.docker/Dockerfile', 'allowed'],
  ])('%s in the home folder: %s', (path, expected) => {
    expect(read(join(home, path))).toBe(expected);
  });

  it('keeps what another program has in its environment, and lets the worktree be read', () => {
    expect(read('/proc/self/environ')).toBe('scope.outside_worktree');
    expect(read('/proc/1/environ')).toBe('scope.outside_worktree');
    expect(read('/proc/cpuinfo')).toBe('allowed');
    expect(read('/etc/shadow')).toBe('scope.outside_worktree');
    expect(read('/etc/hosts')).toBe('allowed');
    expect(read(at('.env'))).toBe('allowed');
    expect(read(join(main, 'src/a.js'))).toBe('allowed');
    expect(read(`${worktree}/../../.env`)).toBe('scope.outside_worktree');
  });

  it('follows links before it looks at the name, and needs no open fix', () => {
    put(join(home, '.ssh/key'));
    symlinkSync(join(home, '.ssh/key'), at('test/key.txt'));
    expect(read(at('test/key.txt'))).toBe('scope.outside_worktree');
    expect(judgeRead(undefined, join(home, '.ssh/key'), home)?.reason).toContain('Read the files of the repository');
  });
});
