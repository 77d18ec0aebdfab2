import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const project = join(import.meta.dirname, '..');

/** Names in backticks of a page; a name without a group belongs to the group before it in its cell. */
function documented(page: string): Set<string> {
  const names = new Set<string>();
  for (const line of readFileSync(join(project, page), 'utf8').split('\n')) {
    const cell = /^\| ([^|]+) \|/.exec(line)?.[1] ?? '';
    let group = '';
    for (const [, name = ''] of cell.matchAll(/`([a-z_.*]+)`/g)) {
      if (name.includes('.')) group = name.slice(0, name.indexOf('.'));
      names.add(name.includes('.') ? name : `${group}.${name}`);
    }
  }
  return names;
}

/** Codes as they stand whole in the sources. */
function used(folders: string[], pattern: string): string[] {
  const found = execFileSync('git', ['grep', '-hoE', pattern, '--', ...folders], { cwd: project, encoding: 'utf8' });
  return [
    ...new Set(
      found
        .split('\n')
        .filter(Boolean)
        .map((match) => match.replace(/^.*'([a-z_.]+)'$/, '$1'))
        // The names of files look the same.
        .filter((name) => !/\.ya?ml$/.test(name)),
    ),
  ];
}

it('every finding and rule that the sources name is documented', () => {
  const names = documented('docs/verdicts.md');
  const codes = used(
    ['gate', 'context'],
    "'(guardrails|reproduction|scenarios|tampering|invariants|blast_radius|anti_patterns|context)\\.[a-z_]+'",
  );
  const rules = used(['hooks'], "'(scope|command|guard)\\.[a-z_]+'");
  expect(codes.length).toBeGreaterThan(30);
  expect(rules.length).toBeGreaterThan(12);
  const settings = new Set([
    'guardrails.confidence_threshold',
    'guardrails.forbidden_paths',
    'guardrails.max_blast_radius',
  ]);
  expect([...codes, ...rules].filter((name) => !names.has(name) && !settings.has(name))).toEqual([]);
});
