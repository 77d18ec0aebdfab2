import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRepository, resolveCommit } from '../../context/repository.ts';
import { UserError } from '../../events/errors.ts';
import { write } from '../write.ts';
import { commitAll, git, repositoryWith, temporaryFolder } from './temporary.ts';

describe('openRepository', () => {
  it('finds the main checkout from its root, a subfolder, a linked worktree and a subfolder of that', async () => {
    const { folder } = repositoryWith({ 'größe mit leer/a.ts': '' });
    const linked = join(temporaryFolder('linked'), 'arbeit ö');
    git(folder, 'worktree', 'add', '-q', '-b', 'fix', linked);
    const inside = join(folder, '.worktrees/hotfix');
    git(folder, 'worktree', 'add', '-q', '-b', 'fix-2', inside);
    const places = [folder, `${folder}/größe mit leer`, `${folder}/.git`, inside, linked, `${linked}/größe mit leer`];
    const found = await Promise.all(places.map(openRepository));
    for (const repository of found) {
      expect(repository.root).toBe(folder);
      expect(repository.gitDir).toBe(join(folder, '.git'));
      expect(repository.home).toBe(found[0]?.home);
      expect(repository.home.startsWith(folder)).toBe(false);
    }
  });

  it('works before the first commit, and says so when a commit is asked for', async () => {
    const folder = temporaryFolder();
    git(folder, 'init', '-q', '-b', 'main');
    const repository = await openRepository(folder);
    expect(repository.root).toBe(folder);
    await expect(resolveCommit(repository, 'HEAD')).rejects.toThrow(/has no commit yet/);
  });

  it('works with a detached HEAD', async () => {
    const { folder, commit } = repositoryWith({ a: '' });
    git(folder, 'checkout', '-q', '--detach');
    const repository = await openRepository(folder);
    expect(repository.root).toBe(folder);
    expect(await resolveCommit(repository, 'HEAD')).toBe(commit);
  });

  it('takes a submodule for a repository of its own', async () => {
    const { folder: library } = repositoryWith({ 'lib.ts': '' });
    const { folder } = repositoryWith({ a: '' });
    git(folder, 'submodule', '--quiet', 'add', library, 'lib');
    const repository = await openRepository(join(folder, 'lib'));
    expect(repository.root).toBe(join(folder, 'lib'));
    expect(repository.gitDir).toBe(join(folder, '.git/modules/lib'));
    const linked = join(temporaryFolder(), 'linked');
    git(join(folder, 'lib'), 'worktree', 'add', '-q', linked);
    expect(await openRepository(linked)).toEqual(repository);
  });

  it('finds a checkout whose git directory lies elsewhere', async () => {
    const folder = temporaryFolder();
    const gitDir = join(temporaryFolder('separate'), 'store.git');
    git(folder, 'init', '-q', '-b', 'main', `--separate-git-dir=${gitDir}`);
    expect(await openRepository(folder)).toMatchObject({ root: folder, gitDir });
    write(folder, { a: '' });
    commitAll(folder);
    const linked = join(temporaryFolder(), 'linked');
    git(folder, 'worktree', 'add', '-q', linked);
    await expect(openRepository(linked)).rejects.toThrow(/main checkout .* cannot be found/);
  });

  it('refuses a bare repository, also from a worktree that is linked to it', async () => {
    const { folder } = repositoryWith({ a: '' });
    const bare = join(temporaryFolder(), 'bare.git');
    git(folder, 'clone', '-q', '--bare', folder, bare);
    const linked = join(temporaryFolder(), 'linked');
    git(bare, 'worktree', 'add', '-q', linked, 'main');
    for (const place of [bare, linked]) await expect(openRepository(place)).rejects.toThrow(/bare repository/);
  });

  it('refuses a folder that is in no repository, and one that does not exist', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sub'));
    for (const place of [join(folder, 'sub'), join(folder, 'gone')]) {
      const refusal = await openRepository(place).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(UserError);
    }
    await expect(openRepository(join(folder, 'sub'))).rejects.toThrow(/is not inside a git repository/);
  });
});

describe('resolveCommit', () => {
  it('takes branches, tags and abbreviated ids, and nothing that is no commit', async () => {
    const { folder, commit } = repositoryWith({ a: '' });
    git(folder, 'tag', '-a', 'v1', '-m', 'v1');
    write(folder, { HEAD: 'a file of that name' });
    const repository = await openRepository(folder);
    for (const revision of ['main', 'v1', commit.slice(0, 10), 'HEAD'])
      expect(await resolveCommit(repository, revision)).toBe(commit);
    for (const revision of ['nothing', '--all', 'HEAD:a', ''])
      await expect(resolveCommit(repository, revision)).rejects.toThrow(/does not name a commit/);
  });
});
