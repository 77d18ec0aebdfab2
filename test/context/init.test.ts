import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addOrUpdateEntry } from '../../context/edit.ts';
import { initialise } from '../../context/init.ts';
import { readWorkingLaw } from '../../context/law.ts';
import { defaultConfig } from '../../context/schemas/config.ts';
import { write } from '../write.ts';
import { git, repositoryWith, temporaryFolder } from './temporary.ts';

const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');

/** The commented settings and examples of a document, brought to life; prose starts with a capital letter. */
function uncommented(text: string): string {
  return text.replace(/^( *)# (?=\s*(?:#|- |[a-z_0-9]+:))(?!yaml-language-server)/gm, '$1');
}

describe('initialise', () => {
  it('writes documents that parse, with what was found and the defaults for the rest', async () => {
    const { folder } = repositoryWith({
      'package.json': '{"scripts": {"test": "vitest run", "lint": "eslint . # all", "types": "tsc"}}',
      'pnpm-lock.yaml': '',
    });
    const { written, kept, detected } = await initialise({ root: folder });
    expect(kept).toEqual([]);
    expect(detected.testCommand).toBe('pnpm test');
    const law = await readWorkingLaw(folder);
    expect(law.problems).toEqual([]);
    const defaults = defaultConfig();
    expect(law.config).toEqual({ ...defaults, tests: { ...defaults.tests, command: 'pnpm test' } });
    expect(law.scenarios.map(({ id, kind, test_command }) => [id, kind, test_command])).toEqual([
      ['S001', 'check', 'pnpm run lint'],
      ['S002', 'check', 'pnpm run types'],
    ]);
    for (const path of Object.keys(law.files)) {
      const schema = /^# yaml-language-server: \$schema=(.*)\n/.exec(read(folder, path))?.[1] ?? 'none';
      expect(written).toContain(join(dirname(path), schema));
    }
    expect(git(folder, 'status', '--porcelain', '--untracked-files=all').split('\n')).toHaveLength(written.length - 1);
  });

  it('shows every setting with its default, and examples that parse as they stand', async () => {
    const { folder } = repositoryWith({ 'README.md': '' });
    await initialise({ root: folder });
    const { files } = await readWorkingLaw(folder);
    write(folder, Object.fromEntries(Object.keys(files).map((path) => [path, uncommented(read(folder, path))])));
    const law = await readWorkingLaw(folder);
    expect(law.problems).toEqual([]);
    expect(law.config).toEqual(defaultConfig());
    const config = read(folder, '.self-healing/config.yaml');
    for (const key of Object.keys(defaultConfig())) expect(config).toMatch(new RegExp(`^${key}:`, 'm'));
    expect(law.scenarios).toHaveLength(1);
    expect(law.invariants).toHaveLength(2);
    expect(law.impactMap).toMatchObject({ edges: [{}], risk: [{}] });
    expect(law.incidents[0]?.anti_pattern?.match).toEqual({ regex: 'catch \\{\\s*\\}' });
  });

  it('writes what was tried: tests with force, what is red and what is drafted without', async () => {
    const { folder } = repositoryWith({ 'package.json': '{"scripts": {"test": "vitest run"}}', 'api/Dockerfile': '' });
    const test = {
      file: 'test/a.test.ts',
      files: ['src/a.ts'],
      name: 'a: b # c',
      command: 'npm test -- test/a.test.ts',
    };
    await initialise(
      { root: folder },
      {
        knownFailing: ['test/b.test.ts > is "red"'],
        checks: [{ name: 'lint', command: 'npm run lint', why: 'x', red: 'It ended\nwith 3.' }],
        tests: [{ ...test, module: 'a' }],
        invariants: [
          {
            rule: 'no eval',
            severity: 'warning',
            category: 'security',
            files: ['src/**'],
            check: { pattern: { regex: '\\beval\\(', must: 'not_match' } },
            why: 'none # has it',
          },
        ],
      },
    );
    const law = await readWorkingLaw(folder);
    expect(law.problems).toEqual([]);
    expect(law.scenarios.map(({ id, name, module, files, proposed }) => [id, name, module, files, proposed])).toEqual([
      ['S002', 'a: b # c', 'a', ['src/a.ts'], undefined],
      ['S001', 'lint', 'project', [], true],
    ]);
    expect(law.invariants).toMatchObject([
      { id: 'INV-001', proposed: true, check: { pattern: { regex: '\\beval\\(' } } },
    ]);
    expect(law.config.services).toMatchObject([{ name: 'api', tag: 'API', paths: ['api/**'] }]);
    expect(law.config.tests.known_failing).toEqual([]);
    const config = read(folder, '.self-healing/config.yaml');
    write(folder, { '.self-healing/config.yaml': config.replace(/^# (?= +(?:known_failing:$|- ))/gm, '') });
    expect((await readWorkingLaw(folder)).config.tests.known_failing).toEqual(['test/b.test.ts > is "red"']);
  });

  it('adds no scenario beside those that are there', async () => {
    const { folder } = repositoryWith({ '.self-healing/scenarios/mine.yaml': 'version: "1.0"\nscenarios: []\n' });
    await initialise({ root: folder }, { tests: [{ module: 'a', file: 'a', files: [], name: 'a', command: 'a' }] });
    expect((await readWorkingLaw(folder)).scenarios).toEqual([]);
  });

  it('overwrites nothing', async () => {
    const { folder } = repositoryWith({ '.self-healing/config.yaml': '# mine\n' });
    const { kept } = await initialise({ root: folder });
    expect(kept).toEqual(['.self-healing/config.yaml']);
    expect(read(folder, '.self-healing/config.yaml')).toBe('# mine\n');
    expect((await initialise({ root: folder })).written).toEqual([]);
  });

  it('takes the test command of a person, and no link for a folder', async () => {
    const { folder } = repositoryWith({ a: '' });
    await initialise({ root: folder }, { testCommand: 'make "all: tests" # fast' });
    expect((await readWorkingLaw(folder)).config.tests.command).toBe('make "all: tests" # fast');
    const { folder: linked } = repositoryWith({ a: '' });
    const outside = temporaryFolder('outside');
    mkdirSync(join(outside, 'x'));
    symlinkSync(outside, join(linked, '.self-healing'));
    await expect(initialise({ root: linked })).rejects.toThrow(/not a folder/);
  });

  it('leaves documents that machines can add to', async () => {
    const { folder } = repositoryWith({ a: '' });
    await initialise({ root: folder });
    await addOrUpdateEntry({ folder, layer: 'scenarios', entry: { id: 'S001', name: 'n' }, module: 'project' });
    await addOrUpdateEntry({ folder, layer: 'impact', entry: { from: 'a', to: 'b' } });
    await addOrUpdateEntry({ folder, layer: 'incidents', entry: { id: 'INC-1', error: 'e' } });
    const law = await readWorkingLaw(folder);
    expect([law.scenarios.length, law.impactMap.edges.length, law.incidents.length, law.problems]).toEqual([
      1,
      1,
      1,
      [],
    ]);
  });
});
