import { expect, test } from 'vitest';
import { openWorkspace } from '../../../gate/workspace.ts';
import { mergeByIndex, mergeOnto } from '../../../healer/publishing/merge-onto.ts';
import { commit, run, sampleRepository } from '../sample-repository.ts';

const LINES = ['one', 'two', 'three', 'four', 'five', ''];
const text = (changes: Record<number, string> = {}) => LINES.map((line, at) => changes[at] ?? line).join('\n');

async function sample() {
  const { repository, root, base } = await sampleRepository({ 'a.txt': text(), 'b.txt': 'b\n' });
  const branchedOff = (files: Record<string, string>) => {
    run(root, 'switch', '--quiet', '--detach', base);
    return commit(root, files);
  };
  const workspace = await openWorkspace(repository);
  return { workspace, root, base, branchedOff };
}

test.each([
  ['merge-tree', mergeOnto],
  ['merge-index, for an older git', mergeByIndex],
])('%s: brings a change over, also of the same file, and names what both sides changed', async (_name, merge) => {
  const { workspace, root, base, branchedOff } = await sample();
  const fix = branchedOff({ 'a.txt': text({ 0: 'ONE' }), 'new.txt': 'new\n' });
  run(root, 'switch', '--quiet', '--detach', base);
  run(root, 'rm', '--quiet', 'b.txt');
  const onto = commit(root, { 'a.txt': text({ 4: 'FIVE' }) });
  const merged = await merge(workspace, { from: base, tree: `${fix}^{tree}`, onto });
  if (merged.status !== 'merged') throw new Error(merged.status);
  expect(run(root, 'ls-tree', '--name-only', merged.tree).split('\n')).toEqual(['a.txt', 'new.txt']);
  expect(run(root, 'show', `${merged.tree}:a.txt`)).toBe(text({ 0: 'ONE', 4: 'FIVE' }).trimEnd());

  const other = branchedOff({ 'a.txt': text({ 0: 'uno' }), 'c.txt': 'c\n' });
  expect(await merge(workspace, { from: base, tree: fix, onto: other })).toEqual({
    status: 'conflict',
    files: ['a.txt'],
  });
  expect(run(root, 'status', '--porcelain')).toBe('');
});

test('onto a branch whose history was rewritten, only the change itself is brought over', async () => {
  const { workspace, root, base, branchedOff } = await sample();
  const dropped = branchedOff({ 'dropped.txt': 'not in the new history\n' });
  const fix = commit(root, { 'a.txt': text({ 0: 'ONE' }) });
  run(root, 'switch', '--quiet', '--detach', base);
  const onto = commit(root, { 'kept.txt': 'kept\n' });
  const merged = await mergeOnto(workspace, { from: dropped, tree: fix, onto });
  if (merged.status !== 'merged') throw new Error(merged.status);
  expect(run(root, 'ls-tree', '--name-only', merged.tree).split('\n')).toEqual(['a.txt', 'b.txt', 'kept.txt']);
});

test('two fixes that each add their lesson are put together, with their comments; a contradiction stays a conflict', async () => {
  const file = '.self-healing/incidents.yaml';
  const own = 'version: "1.0"\nincidents:\n  - id: INC-1   # ours\n    error: x\n';
  const lesson = (id: string) => `  # Drafted for ${id}\n  - id: ${id}\n    date: 2026-11-20\n    error: y\n`;
  const { repository, root, base } = await sampleRepository({ [file]: own, 'a.txt': text() });
  const workspace = await openWorkspace(repository);
  const branchedOff = (files: Record<string, string>) => {
    run(root, 'switch', '--quiet', '--detach', base);
    return commit(root, files);
  };
  const fix = branchedOff({ [file]: own + lesson('INC-2'), 'a.txt': text({ 0: 'ONE' }) });
  const onto = branchedOff({ [file]: own + lesson('INC-3') });
  const merged = await mergeOnto(workspace, { from: base, tree: fix, onto });
  if (merged.status !== 'merged') throw new Error(merged.status);
  expect(run(root, 'show', `${merged.tree}:${file}`)).toBe((own + lesson('INC-3') + lesson('INC-2')).trimEnd());
  expect(run(root, 'show', `${merged.tree}:a.txt`)).toBe(text({ 0: 'ONE' }).trimEnd());

  for (const contradiction of [own + lesson('INC-2').replace('y', 'z'), own.replace('error: x', 'error: w')]) {
    const other = branchedOff({ [file]: contradiction });
    const changed = contradiction.includes('error: w')
      ? branchedOff({ [file]: own.replace('error: x', 'error: v') })
      : fix;
    expect(await mergeOnto(workspace, { from: base, tree: changed, onto: other })).toEqual({
      status: 'conflict',
      files: [file],
    });
  }
});
