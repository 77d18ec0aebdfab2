/** The first heal on services as people have them installed: a workspace of linked packages, an editable install. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { honestFix, type Part } from '../../cli/demo/play.ts';
import type { SampleName } from '../../cli/demo/sample-repository.ts';
import { expectUntouched, heal } from './healed.ts';
import { PARCELS_PART, SHOP_PART } from './installed-parts.ts';
import { installEditable, installWorkspaces } from './installed-sample.ts';
import { UNVERIFIED } from './plays/acts.ts';
import { CLIENT } from './run-client.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;

interface Service {
  sample: SampleName;
  install: (root: string) => Promise<void>;
  part: Part;
  testCommand: string;
  /** What init makes of the test files. */
  scenarios: string[];
}

const SERVICES: Service[] = [
  {
    sample: 'typescript-shop',
    install: installWorkspaces,
    part: SHOP_PART,
    testCommand: 'npm test',
    scenarios: [
      'npm test -w packages/pricing -- test/discounts.test.ts',
      'npm test -w packages/pricing -- test/totals.test.ts',
      'npm test -w packages/api -- test/routes.test.ts',
    ],
  },
  {
    sample: 'python-parcels',
    install: installEditable,
    part: PARCELS_PART,
    testCommand: '.venv/bin/python -m pytest',
    scenarios: [
      '.venv/bin/python -m pytest tests/test_weights.py',
      '.venv/bin/python -m pytest tests/test_rates.py',
      '.venv/bin/python -m pytest tests/test_routes.py',
    ],
  },
];

describe.each(SERVICES)('$sample, without .self-healing/', ({ sample, install, part, testCommand, scenarios }) => {
  beforeAll(async () => {
    stage = await setStage(sample, { origin: true, install });
  });
  afterAll(() => stage.remove());

  it('is healed on detected defaults, by tests that load the tree that is judged', async () => {
    const { exit, result, report, stderr } = await heal(stage, honestFix(part, UNVERIFIED));
    expect(result, stderr + report).toMatchObject({ status: 'proposed', verdict: 'pass', attempts: 1 });
    expect(exit).toBe(0);
    await expectUntouched(stage);
  });

  it('gets a context by init whose entries were tried, and hold', async () => {
    const { exit, stdout, stderr } = await stage.run(['init', '--yes', '--json']);
    expect(exit, stderr).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer.detected.testCommand).toBe(testCommand);
    expect(answer.tried).toMatchObject({ status: 'green', counts: { failed: 0 } });
    expect(answer.scenarios.map(({ test_command: command }: { test_command: string }) => command)).toEqual(scenarios);
    const ran = JSON.parse((await stage.run(['scenarios', 'run', '--json'])).stdout);
    expect(ran.counts).toEqual({ passed: scenarios.length + 1 });
    const lint = JSON.parse((await stage.run(['context', 'lint', '--json'])).stdout);
    expect(lint.findings).toEqual([]);
  });
});

it('refuses an editable install that cannot be mirrored, with the line that lifts it', async () => {
  stage = await setStage('python-parcels', { install: installEditable });
  try {
    // As with an environment that a tool keeps elsewhere: it is on PATH, and leads to the main checkout.
    const environment = join(stage.home, 'environment');
    await rename(join(stage.root, '.venv'), environment);
    const env = { PATH: [join(environment, 'bin'), dirname(CLIENT), process.env.PATH].join(delimiter) };
    const command = 'python3 -m pytest tests/test_unserved_country.py';
    const script = () =>
      honestFix({ ...PARCELS_PART, scenario: { ...PARCELS_PART.scenario, test_command: command } }, UNVERIFIED);
    const refused = await heal(stage, script(), ['--error', stage.logFile, '--yes'], env);
    expect(refused).toMatchObject({ exit: 4, result: { status: 'escalated', verdict: 'refuse' } });
    const lift = 'tests: { env: {PYTHONPATH: src} }';
    expect(refused.report).toContain(`${stage.root}/src/parcels/rates.py`);
    expect(refused.report).toContain(lift);

    await mkdir(join(stage.root, '.self-healing'), { recursive: true });
    await writeFile(join(stage.root, '.self-healing', 'config.yaml'), `version: "1.0"\n${lift}\n`);
    const { incident } = refused.result;
    expect(await stage.person(['retry', incident], { env })).toMatchObject({ exit: 0 });
    const healed = await heal(stage, script(), [incident, '--yes'], env);
    expect(healed.result, healed.stderr + healed.report).toMatchObject({ status: 'proposed', verdict: 'pass' });
  } finally {
    await stage.remove();
  }
});
