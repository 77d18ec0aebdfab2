import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nextScenarioId } from '../../context/edit/next-scenario-id.ts';
import { addOrUpdateEntry, type EntryEdit } from '../../context/edit.ts';
import type { BaseLaw } from '../../context/law/additions.ts';
import type { Layers } from '../../context/law/compose.ts';
import { readLaw, readWorkingLaw } from '../../context/law.ts';
import { openRepository } from '../../context/repository.ts';
import { ConfigurationError, UserError } from '../../events/errors.ts';
import { write } from '../write.ts';
import { git, repositoryWith, temporaryFolder } from './temporary.ts';

const SCENARIO = { id: 'S001', name: 'locks', test_command: 'npm test' };

function edit(folder: string, change: Omit<EntryEdit, 'folder'>) {
  return addOrUpdateEntry({ folder, ...change });
}

describe('addOrUpdateEntry', () => {
  it('creates each file with its schema comment, and the law reads what was written', async () => {
    const { folder } = repositoryWith({ a: '' });
    const entry = { ...SCENARIO, module: 'Auth & Co', files: ['src/auth/**'], input: { attempts: 5 } };
    expect(await edit(folder, { layer: 'scenarios', entry })).toEqual({
      path: '.self-healing/scenarios/auth-co.yaml',
      line: 6,
      created: true,
    });
    await edit(folder, { layer: 'invariants', entry: { id: 'INV-1', rule: 'r', severity: 'warning' } });
    await edit(folder, { layer: 'impact', entry: { from: 'a.ts', to: 'b.py' } });
    await edit(folder, { layer: 'impact', entry: { files: ['a/**'], level: 'high' } });
    await edit(folder, { layer: 'incidents', entry: { id: 'INC-1a2b3c4d5e6f7890', error: 'boom', lesson: 'a\nb\n' } });
    const law = await readWorkingLaw(folder);
    expect(law.problems).toEqual([]);
    expect(law.scenarios[0]).toMatchObject({ ...SCENARIO, module: 'Auth & Co', files: ['src/auth/**'] });
    expect(law.impactMap).toMatchObject({ edges: [{ to: 'b.py' }], risk: [{ level: 'high' }] });
    expect(law.incidents[0]?.lesson).toBe('a\nb\n');
    for (const path of Object.keys(law.files))
      expect(readFileSync(join(folder, path), 'utf8')).toMatch(/^# yaml-language-server: \$schema=\.\.?\//);
    expect(readdirSync(join(folder, '.self-healing/scenarios'))).toEqual(['auth-co.yaml']);
  });

  it('gives a diff of one entry, wherever its module or its id stands', async () => {
    const source = '# ours\nmodule: "Größe"\nfiles: [src/size/**]   # all of it\nscenarios:\n- {id: S001, name: old}\n';
    const { folder } = repositoryWith({ '.self-healing/scenarios/maße.yaml': source });
    const added = await edit(folder, {
      layer: 'scenarios',
      entry: { id: 'S002', name: 'n' },
      module: 'Größe',
      files: ['src/size/a.ts'],
    });
    expect(added).toEqual({ path: '.self-healing/scenarios/maße.yaml', line: 6, created: true });
    expect(git(folder, 'diff', '--numstat', '--', '.self-healing')).toMatch(/^2\t0\t/);
    const changed = await edit(folder, { layer: 'scenarios', entry: { id: 'S001', why: 'w' } });
    expect(changed).toMatchObject({ line: 5, created: false });
    expect(readFileSync(join(folder, added.path), 'utf8')).toBe(
      `${source.replace('name: old', 'name: old, why: w')}- id: S002\n  name: n\n`,
    );
  });

  it.each<[string, Omit<EntryEdit, 'folder'>, RegExp]>([
    [
      'an entry without a name',
      { layer: 'scenarios', entry: { id: 'S009' }, module: 'm' },
      /The key "name" is missing/,
    ],
    ['an unknown key', { layer: 'incidents', entry: { id: 'INC-1', eror: 'x' } }, /the nearest known key is "error"/],
    ['a scenario without a module', { layer: 'scenarios', entry: { id: 'S009', name: 'n' } }, /needs a module/],
    [
      'a module without a letter',
      { layer: 'scenarios', entry: { id: 'S009', name: 'n' }, module: '../..' },
      /no letter or digit/,
    ],
    ['an id of another module', { layer: 'scenarios', entry: SCENARIO, module: 'other' }, /is in .*auth\.yaml already/],
    [
      'files of another module',
      { layer: 'scenarios', entry: { id: 'S9', name: 'n' }, module: 'auth', files: ['lib/x.ts'] },
      /lib\/x\.ts is not among them/,
    ],
    [
      'two ways to run',
      { layer: 'scenarios', entry: { id: 'S001', call: { module: 'a.ts', export: 'b' } } },
      /at most one of/,
    ],
    ['a path out of the repository', { layer: 'impact', entry: { from: '../a', to: 'b' } }, /inside the repository/],
  ])('refuses %s and writes nothing', async (_, change, message) => {
    const { folder } = repositoryWith({
      '.self-healing/scenarios/auth.yaml': 'files: ["src/**"]\nscenarios: [{id: S001, name: n, test_command: x}]\n',
    });
    const refusal = await edit(folder, change).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UserError);
    expect((refusal as Error).message).toMatch(message);
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it('leaves a file with errors alone and names them', async () => {
    const { folder } = repositoryWith({ '.self-healing/invariants.yaml': 'invariant: []\n' });
    const refusal = await edit(folder, {
      layer: 'invariants',
      entry: { id: 'I', rule: 'r', severity: 'warning' },
    }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect((refusal as Error).message).toContain('.self-healing/invariants.yaml:1:1: Unknown key "invariant"');
  });

  it('edits the text that a person saved while the edit was made', async () => {
    const path = '.self-healing/invariants.yaml';
    const { folder } = repositoryWith({ [path]: 'invariants:\n  - {id: I1, rule: r, severity: warning}\n' });
    let saves = 0;
    const base = (now: Layers): BaseLaw => {
      // What the edit is made from has been read.
      if (saves++ === 0)
        writeFileSync(join(folder, path), '# by a person\ninvariants:\n  - {id: I9, rule: p, severity: critical}\n');
      return { ...now, source: 'commit' };
    };
    const added = await edit(folder, {
      layer: 'invariants',
      entry: { id: 'I2', rule: 's', severity: 'warning' },
      base,
    });
    expect(added).toEqual({ path, line: 4, created: true });
    expect(saves).toBe(2);
    expect(readFileSync(join(folder, path), 'utf8')).toBe(
      '# by a person\ninvariants:\n  - {id: I9, rule: p, severity: critical}\n  - id: I2\n    rule: s\n    severity: warning\n',
    );
  });

  it('is not kept from one file by errors in another, and says so of its own', async () => {
    const { folder } = repositoryWith({
      '.self-healing/scenarios/broken.yaml': 'scenarios: [\n',
      '.self-healing/scenarios/auth.yaml': 'scenarios: [{id: S007, name: n}]\n',
    });
    const added = await edit(folder, { layer: 'scenarios', entry: { name: 'm' }, module: 'auth' });
    expect(added).toMatchObject({ path: '.self-healing/scenarios/auth.yaml', created: true });
    expect(readFileSync(join(folder, added.path), 'utf8')).toContain('{id: S008, name: m}');
    await expect(edit(folder, { layer: 'scenarios', entry: { name: 'm' }, module: 'broken' })).rejects.toThrow(
      /broken\.yaml:\d+:\d+: /,
    );
  });

  it('leaves a file alone that it could not write back byte for byte', async () => {
    const { folder } = repositoryWith({ '.self-healing/x': '' });
    writeFileSync(
      join(folder, '.self-healing/incidents.yaml'),
      Buffer.from('# gr\xf6\xdfe\nversion: "1.0"\n', 'latin1'),
    );
    const entry = { id: 'INC-1', error: 'x' };
    await expect(edit(folder, { layer: 'incidents', entry })).rejects.toThrow(/incidents\.yaml is not UTF-8 text/);
  });

  it('writes nothing through links that lead out of the repository', async () => {
    const outside = temporaryFolder('outside');
    write(outside, { 'incidents.yaml': 'version: "1.0"\n' });
    const { folder } = repositoryWith({ '.self-healing/x': '' });
    symlinkSync(join(outside, 'incidents.yaml'), join(folder, '.self-healing/incidents.yaml'));
    symlinkSync(outside, join(folder, '.self-healing/scenarios'));
    for (const layer of ['incidents', 'scenarios'] as const)
      await expect(edit(folder, { layer, entry: { ...SCENARIO, error: 'x' }, module: 'm' })).rejects.toThrow(
        /not a regular file/,
      );
    expect(readdirSync(outside)).toEqual(['incidents.yaml']);
  });

  it('changes nothing of the law that a fix is judged by', async () => {
    const { folder, commit } = repositoryWith({
      '.self-healing/scenarios/auth.yaml': 'files: ["src/**"]\nscenarios:\n  - {id: S001, name: n}\n',
    });
    const base = await readLaw(await openRepository(folder), { commit });
    const refusal = await edit(folder, { layer: 'scenarios', entry: { id: 'S001', why: 'w' }, base }).catch(
      (e: unknown) => e,
    );
    expect(refusal).toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('Scenario S001 is in the base'),
    });
    const added = { id: nextScenarioId(base), name: 'm', module: 'auth' };
    expect(await edit(folder, { layer: 'scenarios', entry: added, base })).toMatchObject({ created: true });
    // Its own additions may be corrected.
    expect(await edit(folder, { layer: 'scenarios', entry: { ...added, why: 'w' }, base })).toMatchObject({
      created: false,
    });
  });
});

it('nextScenarioId counts on from the highest number', () => {
  expect(nextScenarioId({ scenarios: [] })).toBe('S001');
  expect(nextScenarioId({ scenarios: [{ id: 'S009' }, { id: 'S002' }, { id: 'locks' }] })).toBe('S010');
  expect(nextScenarioId({ scenarios: [{ id: 'S1200' }] })).toBe('S1201');
});
