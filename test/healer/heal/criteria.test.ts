/** Success criteria through a whole heal: checked whatever the verdict, told to the next run, and kept with the verdict. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { heal } from '../../../healer/heal.ts';
import { verificationsOf } from '../../../store/verifications.ts';
import { recordsDiagnosis } from '../recorded-diagnosis.ts';
import { fakeClient } from '../runs/fake-client.ts';
import { PROJECT, reported } from '../sample-fix.ts';
import { freshFolder } from '../sample-repository.ts';

const FIXED = PROJECT['src/tenant.js'].replace('session.tenantId', 'session?.tenantId ?? null');
const TEST = `import assert from 'node:assert/strict';
import test from 'node:test';
import { tenantOf } from '../src/tenant.js';

test('an expired session has no tenant', () => {
  assert.equal(tenantOf(new Map(), 'gone'), null);
});
`;
const SCENARIO = `  - id: S002
    name: an expired session has no tenant
    why: it was a 500
    incident: INCIDENT
    test_command: node --test test/expired.test.js
`;

it('the unmet ones keep a passing fix from being offered, and are told by name with their output', async () => {
  const folder = freshFolder('client');
  const command = fakeClient(
    folder,
    `if (process.argv.includes('self-healing:diagnostician')) { ${recordsDiagnosis()} return; }
    const fs = require('node:fs');
    const log = require('node:path').join(__dirname, 'prompts.jsonl');
    const runs = fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\\n').length : 0;
    fs.appendFileSync(log, JSON.stringify(process.argv[3]) + '\\n');
    if (runs === 0) {
      fs.writeFileSync('src/tenant.js', ${JSON.stringify(FIXED)});
      fs.writeFileSync('test/expired.test.js', ${JSON.stringify(TEST)});
      fs.appendFileSync('.self-healing/scenarios/tenants.yaml', ${JSON.stringify(SCENARIO)}.replace('INCIDENT', process.env.SELF_HEALING_INCIDENT));
    } else fs.writeFileSync('test/pinned.test.js', '// pinned by INC\\n');
    print(INIT, ...call('b', 'Bash', { command: 'true' }, ''), RESULT);`,
  );
  const { bench, incident } = await reported(
    {},
    {
      '.self-healing/config.yaml': `version: "1.0"\ntests: { command: node --test }\nclaude: { command: ${JSON.stringify(command)} }\n`,
    },
  );
  const steps: string[] = [];
  const result = await heal(bench, {
    incident,
    pluginDir: freshFolder('plugin'),
    env: { PATH: process.env.PATH, HOME: freshFolder('home') },
    criteria: [
      { id: 'pinned', description: '', command: 'cat test/pinned.test.js || { echo only-$CI-here; exit 7; }' },
      { id: 'there', description: 'its file', file_exists: 'test/expired.test.js' },
    ],
    onProgress: (event) => event.kind === 'step' && steps.push(event.text),
  });
  expect(result, result.why).toMatchObject({ status: 'awaiting_publish', verdict: 'pass', attempts: 2 });
  const [first, second] = readFileSync(join(folder, 'prompts.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line): string => JSON.parse(line));
  expect(first).toContain('- pinned: `cat test/pinned.test.js');
  expect(first).toContain('- there: its file (test/expired.test.js exists)');
  expect(second).toContain('Failure mode: partial');
  expect(second).toMatch(/Unmet criteria:\n- pinned: `cat .*ended with exit code 7/);
  expect(second).toContain('| only-1-here');
  expect(steps).toContain('Criterion there holds: its file: test/expired.test.js is there');
  expect(steps.some((text) => /^Criterion pinned does not hold: .* ended with exit code 7:$/.test(text))).toBe(true);
  expect(steps.some((text) => /^Criterion pinned holds: /.test(text))).toBe(true);
  const kept = verificationsOf(bench.db, incident, 1).map(({ result: row }) => row as { criteria: { met: boolean }[] });
  expect(kept.map(({ criteria }) => criteria.map(({ met }) => met))).toEqual([
    [false, true],
    [true, true],
  ]);
}, 240_000);
