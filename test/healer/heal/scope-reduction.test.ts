/**
 * Scope reduction, led by the real conductor with the real gate. A stand-in plays what the client's agents do: it fails at
 * the whole, records a plan, and does the subtask that its prompt names.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type HealProgress, type HealRequest, heal } from '../../../healer/heal.ts';
import { judgedAttempts } from '../../../store/attempts.ts';
import { subtasksOf } from '../../../store/plans.ts';
import { runsOf } from '../../../store/runs.ts';
import { verificationsOf } from '../../../store/verifications.ts';
import { recordsDiagnosis } from '../recorded-diagnosis.ts';
import { fakeClient } from '../runs/fake-client.ts';
import { PROJECT, reported } from '../sample-fix.ts';
import { commit, freshFolder, run as git } from '../sample-repository.ts';

const REPRODUCTION = `import assert from 'node:assert/strict';
import test from 'node:test';
import { tenantOf } from '../src/tenant.js';

test('an expired session has no tenant', () => {
  assert.equal(tenantOf(new Map(), 'gone'), null);
});
`;
const OTHER = REPRODUCTION.replace('an expired session', 'a session that never was').replace("'gone'", "'never'");
const SCENARIO = `  - id: S002
    name: an expired session has no tenant
    why: it was a 500
    incident: INCIDENT
    test_command: node --test test/expired.test.js
`;
const FIXED = PROJECT['src/tenant.js'].replace('session.tenantId', 'session?.tenantId ?? null');
const BREAKING = PROJECT['src/tenant.js'].replace('session.tenantId', 'session?.tenant ?? null');

const PLAN = [
  {
    title: 'the guard',
    goal: 'an expired session has no tenant',
    files: ['src/tenant.js'],
    depends_on: ['the reproduction'],
    criteria: [{ id: 'null', file_contains: { path: 'src/tenant.js', text: '?? null' } }],
  },
  {
    title: 'the reproduction',
    goal: 'a test is red for the reason of the incident',
    files: ['test/expired.test.js'],
    depends_on: [],
    criteria: [{ id: 'test', file_exists: 'test/expired.test.js' }],
  },
  {
    title: 'another case',
    goal: 'a session that never was has no tenant either',
    files: ['test/never.test.js'],
    depends_on: ['the guard'],
    criteria: [{ id: 'green', command: 'node --test test/never.test.js' }],
  },
];
type Plan = typeof PLAN;

/** What each subtask does, as statements with `write(file, text)` and `once(name)` in scope. */
const HONEST: Record<string, string> = {
  'the reproduction': `write('test/expired.test.js', ${JSON.stringify(REPRODUCTION)});
    fs.appendFileSync('.self-healing/scenarios/tenants.yaml', ${JSON.stringify(SCENARIO)}.replace('INCIDENT', incident));`,
  'the guard': `write('src/tenant.js', ${JSON.stringify(FIXED)});`,
  'another case': `write('test/never.test.js', ${JSON.stringify(OTHER)});`,
};

async function prepared(acts: Record<string, string>, { plan = PLAN as Plan | null, config = '', whole = '' } = {}) {
  const folder = freshFolder('client');
  const planned = plan === null ? '' : `...call('p', TOOL, { incident, subtasks: ${JSON.stringify(plan)} }, '{}'),`;
  const command = fakeClient(
    folder,
    `if (process.argv.includes('self-healing:diagnostician')) { ${recordsDiagnosis()} return; }
    const fs = require('node:fs');
    const path = require('node:path');
    const TOOL = 'mcp__plugin_self-healing_living-context__record_plan';
    const incident = process.env.SELF_HEALING_INCIDENT;
    const prompt = process.argv[3];
    const write = (file, text) => fs.writeFileSync(file, text);
    const once = (name) => { const mark = path.join(__dirname, name); const is = !fs.existsSync(mark); fs.writeFileSync(mark, ''); return is; };
    fs.appendFileSync(path.join(__dirname, 'prompts.jsonl'), JSON.stringify(process.argv.slice(2)) + '\\n');
    if (prompt.startsWith('Make a plan')) { print(INIT, ${planned} RESULT); return; }
    const title = /- title: "([^"]*)"/.exec(prompt)?.[1];
    print(INIT);
    switch (title) { ${Object.entries(acts)
      .map(([title, act]) => `case ${JSON.stringify(title)}: ${act} break;`)
      .join('\n')}
      case undefined: ${whole} break;
    }
    print(...call('b', 'Bash', { command: 'true' }, ''), RESULT);`,
  );
  const sample = await reported(
    {},
    {
      '.self-healing/config.yaml': `version: "1.0"\ntests: { command: node --test }\nclaude: { command: ${JSON.stringify(command)} }\n${config || 'recovery: { corrective_retries: 0 }\n'}`,
    },
  );
  const { bench, incident, root } = sample;
  const steps: string[] = [];
  const start = (more: Partial<HealRequest> = {}) =>
    heal(bench, {
      incident,
      pluginDir: freshFolder('plugin'),
      env: { PATH: process.env.PATH, HOME: freshFolder('home') },
      approvedBy: 'person:ada',
      onProgress: (event: HealProgress) => event.kind === 'step' && steps.push(event.text),
      wait: async () => {},
      ...more,
    } as HealRequest);
  const prompts = () =>
    readFileSync(join(folder, 'prompts.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line): string[] => JSON.parse(line))
      .map((argv) => argv[1] ?? '');
  const states = () => subtasksOf(bench.db, incident, 1).map(({ position, state }) => [position, state]);
  const report = () => readFileSync(join(root, '.self-healing/reports', `${incident}.md`), 'utf8');
  return { ...sample, folder, start, prompts, states, steps, report };
}

/** A whole verification for the whole, and one for each part. */
const TIMEOUT = { timeout: 300_000 };

describe('a task that failed as a whole', TIMEOUT, () => {
  it('is split, done part by part in dependency order, and proven and published as one', async () => {
    const { start, prompts, states, bench, incident, root, report } = await prepared(HONEST, {
      whole: "write('src/tenant.js', 'broken(\\n');",
    });
    const result = await start();
    expect(result, result.why).toMatchObject({ status: 'proposed', verdict: 'pass', attempts: 5 });
    expect(states()).toEqual([1, 2, 3].map((position) => [position, 'done']));
    const rows = runsOf(bench.db, incident).filter(({ phase }) => phase === 'fix');
    expect(rows.map(({ attempt, part }) => [attempt, part])).toEqual([
      [1, null],
      [2, 'plan'],
      [3, 'subtask'],
      [4, 'subtask'],
      [5, 'subtask'],
    ]);
    expect(new Set(rows.map(({ session_id }) => session_id)).size).toBe(5);
    // The whole was judged twice: as the first attempt, and once every part was there.
    expect(verificationsOf(bench.db, incident, 1).map(({ verdict, by }) => [verdict, by])).toEqual([
      ['fail', 'parent'],
      ['pass', 'parent'],
    ]);
    const [, plan, first, second, third] = prompts();
    expect(plan).toContain('Failure mode: verification');
    expect(first).toContain('do subtask 1 of 3');
    expect(first).toContain('- title: "the reproduction"');
    expect(first).toContain('- in the worktree already: none');
    expect(first).toContain('  - test: test/expired.test.js exists');
    expect(first).toContain('Failure mode: verification');
    expect(second).toContain('- in the worktree already: "the reproduction"');
    expect(third).toContain('- in the worktree already: "the reproduction", "the guard"');
    const branch = result.branch ?? '';
    expect(git(root, 'show', `${branch}:src/tenant.js`)).toBe(FIXED.trimEnd());
    expect(git(root, 'rev-list', '--count', `main..${branch}`)).toBe('1');
    expect(report()).toMatch(/\| 2 \| `the guard` \| done \|/);
    expect(report()).toContain('the guard: an expired session has no tenant');
  });

  it('keeps what holds, takes back what does not, leaves out what needs it, and hands over with the table', async () => {
    const { start, prompts, states, bench, incident, report, steps } = await prepared(
      {
        ...HONEST,
        'the guard': `write('src/tenant.js', ${JSON.stringify(BREAKING)});`,
        aside: HONEST['another case'] ?? '',
      },
      {
        plan: [
          ...PLAN,
          {
            title: 'aside',
            goal: 'another test',
            files: ['test/never.test.js'],
            depends_on: [],
            criteria: [{ id: 'there', file_exists: 'test/never.test.js' }],
          },
        ],
      },
    );
    const result = await start();
    expect(result).toMatchObject({ status: 'escalated', failure_mode: 'verification', verdict: 'fail' });
    expect(result.why).toContain('2 of 4 subtasks of the plan are done ("the guard" failed, "another case" skipped).');
    // In dependency order: the reproduction, what needs nothing, then the guard and what needs it.
    expect(states()).toEqual([
      [1, 'done'],
      [2, 'done'],
      [3, 'failed'],
      [4, 'skipped'],
    ]);
    const rows = subtasksOf(bench.db, incident, 1);
    expect(rows[2]?.why).toMatch(/^verification: .*scenarios/);
    expect(rows[2]?.diff).toContain('+  return session?.tenant ?? null;');
    expect(rows[3]?.why).toBe('It depends on "the guard", which is not done.');
    expect(prompts().filter((prompt) => prompt.includes('"another case"\n'))).toEqual([]);
    expect(steps.join('\n')).toContain('Failed and taken back: subtask 3 of 4');
    const text = report();
    expect(text).toMatch(/\| 3 \| `the guard` \| \*\*failed\*\* \| .*verification/);
    expect(text).toMatch(/\| 4 \| `another case` \| skipped \|/);
    expect(text).toContain('+  return session?.tenant ?? null;');
  });

  it('goes on with its plan after an interrupt, and does nothing twice that was done', async () => {
    const { start, prompts, states, bench, incident, folder } = await prepared({
      ...HONEST,
      'the guard': `if (once('began')) { setInterval(() => {}, 1000); return; } ${HONEST['the guard']}`,
    });
    const stop = new AbortController();
    const going = start({ signal: stop.signal });
    while (!existsSync(join(folder, 'began'))) await sleep(50);
    stop.abort();
    expect(await going).toMatchObject({ status: 'queued', failure_mode: 'cancelled' });
    expect(states()).toEqual([
      [1, 'done'],
      [2, 'running'],
      [3, 'waiting'],
    ]);
    const before = prompts().length;
    expect(await start()).toMatchObject({ status: 'proposed', round: 1, attempts: 5 });
    const after = prompts().slice(before);
    expect(after.map((prompt) => /subtask (\d) of 3/.exec(prompt)?.[1])).toEqual(['2', '3']);
    expect(after[0]).toContain('Failure mode: partial');
    expect(judgedAttempts(bench.db, incident, 1)).toMatchObject([{ attempt: 1, mode: 'partial' }]);
  });

  it.each([
    [
      'tidied away: what is done stands in it again',
      ({ worktree }: { worktree: string }) => rmSync(worktree, { recursive: true }),
      'The worktree had been made anew; the subtasks that are done stand in it again',
      ['2', '3'],
    ],
    [
      'on a base that moved: the plan starts anew, and says so',
      ({ root }: { root: string }) => commit(root, { 'README.md': 'moved on\n' }),
      'The subtasks that were done stood on another base, or are not kept: the plan starts anew',
      ['1', '2', '3'],
    ],
  ])('goes on after an interrupt with a worktree that was %s', async (_name, meanwhile, said, subtasks) => {
    const { start, prompts, incident, folder, root, steps } = await prepared({
      ...HONEST,
      'the guard': `if (once('began')) { setInterval(() => {}, 1000); return; } ${HONEST['the guard']}`,
    });
    const stop = new AbortController();
    const going = start({ signal: stop.signal });
    while (!existsSync(join(folder, 'began'))) await sleep(50);
    stop.abort();
    expect(await going).toMatchObject({ status: 'queued' });
    const before = prompts().length;
    meanwhile({ root, worktree: join(root, '.worktrees/hotfix', `auto-${incident.slice(4)}`) });
    const result = await start();
    expect(steps).toContain(said);
    expect(result, result.why).toMatchObject({ status: 'proposed', round: 1 });
    const after = prompts().slice(before);
    expect(after.map((prompt) => /subtask (\d) of 3/.exec(prompt)?.[1])).toEqual(subtasks);
    const branch = result.branch ?? '';
    expect(git(root, 'show', `${branch}:src/tenant.js`)).toBe(FIXED.trimEnd());
    expect(git(root, 'show', `${branch}:test/expired.test.js`)).toBe(REPRODUCTION.trimEnd());
    expect(git(root, 'rev-list', '--count', `main..${branch}`)).toBe('1');
  });

  it('is handed over with the mode of its last attempt where the plan is none that can be carried out', async () => {
    const { start, states } = await prepared(HONEST, { plan: PLAN.slice(0, 2) });
    const result = await start();
    expect(result).toMatchObject({ status: 'escalated', failure_mode: 'partial', attempts: 2 });
    expect(result.why).toContain('It could not be split: A plan has 3 to 5 subtasks; this one has 2.');
    expect(states()).toEqual([]);
  });

  it.each([
    ['decompose is off', 'recovery: { corrective_retries: 0, decompose: false }\n', 1],
    ['self-correction is off', 'recovery: { self_correction: false }\n', 1],
    [
      'self-correction is off for its class',
      'overrides: [{ match: { failure_type: runtime_error }, set: { recovery: { self_correction: false } } }]\n',
      1,
    ],
    [
      'another class has it off',
      'recovery: { decompose: false, corrective_retries: 1 }\noverrides: [{ match: { failure_type: lint_error }, set: { recovery: { self_correction: false } } }]\n',
      2,
    ],
  ])('is not split where %s', async (_name, config, attempts) => {
    const { start, prompts } = await prepared(HONEST, { config });
    expect(await start()).toMatchObject({ status: 'escalated', failure_mode: 'partial', attempts });
    expect(prompts().some((prompt) => prompt.startsWith('Make a plan'))).toBe(false);
  });

  it('costs no more than the budget: the plan ends where the money does', async () => {
    const { start, states } = await prepared(HONEST, {
      config: 'recovery: { corrective_retries: 0 }\nbudget: { max_usd_per_incident: 2 }\n',
    });
    // Diagnosis, attempt, plan and one subtask at half a dollar each.
    expect(await start()).toMatchObject({ status: 'escalated', failure_mode: 'budget', cost_usd: 2 });
    expect(states()).toEqual([
      [1, 'done'],
      [2, 'running'],
      [3, 'waiting'],
    ]);
  });
});
