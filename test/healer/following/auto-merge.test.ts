/** Auto-merge: off by default, and only where everything holds; what is missing is said on the pull request and in the report. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mergeOf } from '../../../store/merges.ts';
import { write } from '../../write.ts';
import { PROJECT } from '../sample-fix.ts';
import { run } from '../sample-repository.ts';
import { proposed } from './proposed.ts';

const config = (text: string) => ({ '.self-healing/config.yaml': `${PROJECT['.self-healing/config.yaml']}${text}` });
const ON = 'publish: { auto_merge: true }\nguardrails: { require_human_review: false }\n';

/** Rounds of the same class that came to an end before. */
function record(one: Awaited<ReturnType<typeof proposed>>, merged: number, wrong = 0, from = 0): void {
  const { db } = one.bench;
  for (let at = 0; at < merged + wrong; at++) {
    const id = `INC-${String(from + at).padStart(16, '0')}`;
    db.run(
      `INSERT INTO incidents SELECT ${columns(one)} FROM incidents WHERE incident = ?`.replace('incident,', `'${id}',`),
      [one.incident],
    );
    for (const to of ['proposed', at < merged ? 'merged' : 'rejected'])
      db.run(
        `INSERT INTO transitions (incident, round, from_status, to_status, who, why, at) VALUES (?, 1, 'verified', ?, 'x', 'x', ?)`,
        [id, to, one.bench.now().toISOString()],
      );
    db.run(
      `INSERT INTO diagnoses SELECT '${id}', round, root_cause, failure_type, affected_files_json, confidence, reasoning, at, widened_json FROM diagnoses WHERE incident = ?`,
      [one.incident],
    );
  }
}

/** Every column that can be copied; the incident is the first. */
function columns(one: Awaited<ReturnType<typeof proposed>>): string {
  return one.bench.db
    .all<{ name: string }>("SELECT name FROM pragma_table_xinfo('incidents') WHERE hidden = 0")
    .map(({ name }) => (name === 'fingerprint' ? 'fingerprint || abs(random())' : name))
    .join(', ');
}

function green(one: Awaited<ReturnType<typeof proposed>>): void {
  one.github.state.checks.push({
    ...{ id: 1, commit: one.commit, name: 'test', status: 'completed', conclusion: 'success' },
  });
}

it('merges when everything holds, by the expected head, and says by what', async () => {
  const one = await proposed({ files: config(ON) });
  const { incident, root, github, pull } = one;
  write(root, { [`.self-healing/reports/${incident}.md`]: '# Report\n' });
  record(one, 4);
  await one.look();
  expect(one.stands()).toContain('not merged by itself, because the record of runtime_error: 4 of 5 merged unchanged');
  expect(one.stands()).toContain('CI is green: no check ran');
  green(one);
  record(one, 1, 0, 4);
  await one.look();
  expect(pull).toMatchObject({ state: 'closed', merged_by: 'healer-bot' });
  expect(JSON.parse(github.requests.find(({ method }) => method === 'PUT')?.body ?? '')).toMatchObject({
    sha: one.commit,
    merge_method: 'merge',
  });
  const [comment] = github.state.comments;
  expect(comment?.body).toContain('| the record of runtime_error | yes | 5 of 5 merged unchanged, 0 rejected');
  expect(comment?.body).toContain('1 of 1 source files, 2 of 25 lines');
  expect(readFileSync(join(root, `.self-healing/reports/${incident}.md`), 'utf8')).toMatch(
    /^# Report\n[\s\S]*## Auto-merge\n\n\| Merged/,
  );
  expect(await one.status()).toBe('proposed');
  await one.restart();
  await one.look();
  expect(await one.status()).toBe('merged');
  expect(mergeOf(one.bench.db, incident, 1)).toMatchObject({ how: 'auto_merge', unchanged: 1 });
  expect(run(one.remote, 'rev-parse', 'main')).toBe(mergeOf(one.bench.db, incident, 1)?.commit);
  expect(github.count('PUT /pulls/{number}/merge')).toBe(1);
});

it('is off by default, and never where a person has to review, the class is young or was wrong, or the path is sensitive', async () => {
  const off = await proposed();
  green(off);
  record(off, 5);
  await off.look();
  expect(off.stands()).toBe('open, CI green');
  expect(off.github.state.comments).toEqual([]);

  const reviewed = await proposed({ files: config('publish: { auto_merge: true }\n') });
  green(reviewed);
  record(reviewed, 5, 1);
  await reviewed.look();
  expect(reviewed.stands()).toContain('guardrails.require_human_review is true');
  expect(reviewed.stands()).toContain('5 of 5 merged unchanged, 1 rejected');

  const risky = await proposed({
    files: {
      ...config(ON),
      '.self-healing/impact-map.yaml': 'version: "1.0"\nrisk: [{ files: ["src/**"], level: high, why: tenants }]\n',
    },
  });
  green(risky);
  record(risky, 5);
  await risky.look();
  expect(risky.stands()).toContain('outside of sensitive paths: src/tenant.js (risk: high)');
  for (const one of [off, reviewed, risky]) expect(one.github.count('PUT /pulls/{number}/merge')).toBe(0);
});

it('says when GitHub refuses, and does not ask for a commit that is not the proven one', async () => {
  const one = await proposed({ files: config(ON) });
  green(one);
  record(one, 5);
  one.github.fail('PUT /pulls/{number}/merge', {
    status: 405,
    body: { message: 'At least 1 approving review is required by reviewers with write access.' },
  });
  await one.look();
  expect(one.stands()).toMatch(/^not merged by itself, because GitHub refused: .*approving review is required/);
  expect(await one.status()).toBe('proposed');
  // Asked again after a while, not at every look.
  const [comment] = one.github.state.comments;
  expect(comment?.body).toContain('GitHub refused');
  const written = one.github.count('PATCH /issues/comments/{id}');
  await one.restart();
  await one.look();
  expect(one.github.count('PUT /pulls/{number}/merge')).toBe(1);
  expect(one.github.count('PATCH /issues/comments/{id}')).toBe(written);
});
