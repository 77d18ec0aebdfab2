import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inForce, readLaw, readWorkingLaw } from '../../context/law.ts';
import { openRepository } from '../../context/repository.ts';
import { ConfigurationError } from '../../events/errors.ts';
import { write } from '../write.ts';
import { commitAll, git, repositoryWith } from './temporary.ts';

const LAW = {
  'package.json': '{"scripts": {"test": "node --test"}}',
  '.self-healing/config.yaml': 'version: "1.0"\nguardrails:\n  max_files_changed: 1\n',
  '.self-healing/scenarios/größe.yaml':
    'version: "1.0"\nfiles: ["src/größe/**"]\nscenarios:\n  - id: S001\n    name: grows\n  - {id: S002, name: drafted, proposed: true}\n',
  '.self-healing/invariants.yaml': 'invariants:\n  - {id: INV-1, rule: r, severity: critical, check: prose}\n',
  '.self-healing/impact-map.yaml':
    'edges: [{from: a.ts, to: b.py, why: http}]\nrisk: [{files: ["a/**"], level: high}]\n',
  '.self-healing/incidents.yaml': 'incidents:\n  - {id: INC-1a2b3c4d5e6f7890, error: boom, anti_pattern: do not}\n',
};

describe('readLaw', () => {
  it('reads every layer from the commit, with the place of each entry', async () => {
    const { folder, commit } = repositoryWith(LAW);
    const law = await readLaw(await openRepository(folder), { commit });
    expect(law.source).toBe('commit');
    expect(law.config.guardrails).toMatchObject({ max_files_changed: 1, max_lines_changed: 50 });
    expect(law.config.tests.command).toBe('npm test');
    expect(law.scenarios[0]).toMatchObject({
      id: 'S001',
      module: 'größe',
      files: ['src/größe/**'],
      origin: { path: '.self-healing/scenarios/größe.yaml', line: 4, column: 5 },
    });
    expect(law.scenarios.map(inForce)).toEqual([true, false]);
    expect(law.invariants[0]).toMatchObject({ id: 'INV-1', check: 'prose', files: [] });
    expect(law.impactMap.edges[0]).toMatchObject({ from: 'a.ts', to: 'b.py' });
    expect(law.impactMap.risk[0]).toMatchObject({ level: 'high', why: '' });
    expect(law.incidents[0]).toMatchObject({ anti_pattern: { description: 'do not' }, files: [] });
    expect(Object.keys(law.files)).toHaveLength(5);
    expect(law.files['.self-healing/config.yaml']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not look at the disk once the law is committed', async () => {
    const { folder, commit } = repositoryWith(LAW);
    write(folder, { '.self-healing/config.yaml': 'guardrails: {max_files_changed: 99}\n' });
    write(folder, { '.self-healing/scenarios/more.yaml': 'scenarios: [{id: S009, name: x}]\n' });
    git(folder, 'add', '-A');
    rmSync(join(folder, '.self-healing/invariants.yaml'));
    const law = await readLaw(await openRepository(folder), { commit });
    expect(law.config.guardrails.max_files_changed).toBe(1);
    expect(law.scenarios).toHaveLength(2);
    expect(law.invariants).toHaveLength(1);
  });

  it('reads the same through filters, attributes, replace refs and a linked worktree', async () => {
    const { folder, commit } = repositoryWith({ ...LAW, '.gitattributes': '* text eol=crlf filter=evil\n' });
    git(folder, 'config', 'filter.evil.smudge', 'sed s/1/99/');
    const repository = await openRepository(folder);
    const before = await readLaw(repository, { commit });
    write(folder, { '.self-healing/config.yaml': 'guardrails: {max_files_changed: 99}\n' });
    git(folder, 'config', '--unset', 'filter.evil.smudge');
    const other = commitAll(folder);
    git(folder, 'replace', commit, other);
    expect((await readLaw(repository, { commit })).files).toEqual(before.files);
    expect(before.config.guardrails.max_files_changed).toBe(1);
  });

  it('falls back to the working copy of the main checkout where the commit holds no law', async () => {
    const { folder, commit } = repositoryWith({ 'a.py': '', '.self-healing/.gitignore': 'state.db*\n' });
    write(folder, { '.self-healing/config.yaml': 'tests: {command: make check}\n' });
    const law = await readLaw(await openRepository(folder), { commit });
    expect(law).toMatchObject({ source: 'working_copy', config: { tests: { command: 'make check' } } });
  });

  it('falls back to detected defaults, found in the commit and not on the disk', async () => {
    const { folder, commit } = repositoryWith({ 'go.mod': 'module x\n', 'main.go': '' });
    write(folder, { 'package.json': '{"scripts": {"test": "exit 0"}}' });
    const law = await readLaw(await openRepository(folder), { commit });
    expect(law).toMatchObject({ source: 'defaults', scenarios: [], config: { tests: { command: 'go test ./...' } } });
    expect(law.detection.why).toContain('Test command: go test ./... (there is a go.mod).');
  });

  it('refuses a law with errors and names all of them', async () => {
    const { folder, commit } = repositoryWith({
      '.self-healing/config.yaml': 'guardrail: {}\n',
      '.self-healing/scenarios/a.yaml': 'scenarios: [{id: S001, name: a}]\n',
      '.self-healing/scenarios/b.yaml': 'scenarios:\n  - id: S001\n    name: b\n',
      '.self-healing/invariants.yaml': 'invariants: [\n',
    });
    const refusal = await readLaw(await openRepository(folder), { commit }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigurationError);
    const { message } = refusal as ConfigurationError;
    expect(message).toContain('.self-healing/config.yaml:1:1: Unknown key "guardrail"');
    expect(message).toContain('.self-healing/invariants.yaml:2:1: ');
    expect(message).toContain(
      '.self-healing/scenarios/b.yaml:2:5: The scenario id S001 is already used at .self-healing/scenarios/a.yaml:1:13.',
    );
  });

  it('refuses links and text that is not UTF-8', async () => {
    const { folder } = repositoryWith({ a: '' });
    write(folder, { 'elsewhere.yaml': 'guardrails: {max_files_changed: 99}\n', '.self-healing/x': '' });
    symlinkSync('../elsewhere.yaml', join(folder, '.self-healing/config.yaml'));
    await expect(readWorkingLaw(folder)).rejects.toThrow(/config\.yaml is not a regular file/);
    const commit = commitAll(folder);
    await expect(readLaw(await openRepository(folder), { commit })).rejects.toThrow(/not a regular file/);
  });

  it('hands the problems of a working copy back as data', async () => {
    const { folder } = repositoryWith({ '.self-healing/config.yaml': 'version: "1.0"\n\u0000: 1\n' });
    write(folder, { '.self-healing/incidents.yaml': 'incidents: [{id: 7, error: x}]\n' });
    const law = await readWorkingLaw(folder);
    expect(law.problems.map(({ file, line }) => [file, line])).toEqual([
      ['.self-healing/config.yaml', 2],
      ['.self-healing/incidents.yaml', 1],
    ]);
    expect(law.config.guardrails.max_files_changed).toBe(3);
  });
});
