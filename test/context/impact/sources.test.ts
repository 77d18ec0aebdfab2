import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGraph } from '../../../context/impact/graph.ts';
import { folderSources, treeSources } from '../../../context/impact/sources.ts';

const root = mkdtempSync(join(tmpdir(), 'graph sources é-'));
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
const write = (path: string, text: string | Buffer) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeAll(() => {
  git('init', '-q', '-b', 'main');
  write('.gitignore', 'dist/\n');
  write('src/größe und mehr.ts', `import './b'`);
  write('src/b.ts', Buffer.concat([Buffer.from(`// \xff\xfe\nimport './c'`, 'latin1')]));
  write('src/c.ts', '');
  write('src/gone.ts', `import './c'`);
  write('lib/video.ts', Buffer.alloc(3 * 1024 * 1024, 0x47));
  symlinkSync('/etc/passwd', join(root, 'src/link.ts'));
  git('add', '-A');
  git('commit', '-qm', 'first');
  rmSync(join(root, 'src/gone.ts'));
  write('src/new.ts', `import './b'`);
  write('dist/out.ts', `import '../src/c'`);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('folderSources', () => {
  it('lists tracked and new files as they are on disk, without ignored and deleted ones', async () => {
    const sources = await folderSources(root);
    expect(sources.files).toEqual([
      '.gitignore',
      'lib/video.ts',
      'src/b.ts',
      'src/c.ts',
      'src/größe und mehr.ts',
      'src/link.ts',
      'src/new.ts',
    ]);
    expect(sources.read('src/link.ts')).toBeUndefined();
    expect(sources.read('lib/video.ts')).toBeUndefined();
    expect(sources.read('src/gone.ts')).toBeUndefined();
    const graph = buildGraph(sources);
    expect(graph.importersOf('src/b.ts')).toEqual(['src/größe und mehr.ts', 'src/new.ts']);
    expect(graph.importersOf('src/c.ts')).toEqual(['src/b.ts']);
  });
});

describe('treeSources', () => {
  it('reads a commit that is not what is on disk', async () => {
    const sources = await treeSources('HEAD', { cwd: root });
    expect(sources.files).toContain('src/gone.ts');
    expect(sources.files).not.toContain('src/new.ts');
    expect(sources.read('src/link.ts')).toBeUndefined();
    expect(sources.read('lib/video.ts')).toBeUndefined();
    const graph = buildGraph(sources);
    expect(graph.importersOf('src/c.ts')).toEqual(['src/b.ts', 'src/gone.ts']);
    expect(graph.importersOf('src/b.ts')).toEqual(['src/größe und mehr.ts']);
  });

  it('reads a tree of another object store, and an empty one', async () => {
    const env = { GIT_DIR: join(root, '.git') };
    const tree = git('rev-parse', 'HEAD^{tree}').trim();
    expect((await treeSources(tree, { cwd: tmpdir(), env })).files).toContain('src/c.ts');
    const empty = git('hash-object', '-t', 'tree', '-w', '/dev/null').trim();
    expect((await treeSources(empty, { cwd: root })).files).toEqual([]);
  });
});
