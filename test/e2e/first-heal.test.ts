/** The first heal on services as people have them installed: a workspace of linked packages, an editable install. */
import { afterEach, describe, expect, it } from 'vitest';
import { honestFix, type Part } from '../../cli/demo/play.ts';
import type { SampleName } from '../../cli/demo/sample-repository.ts';
import { expectUntouched, heal } from './healed.ts';
import { PARCELS_PART, SHOP_PART } from './installed-parts.ts';
import { installEditable, installWorkspaces } from './installed-sample.ts';
import { UNVERIFIED } from './plays/acts.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.remove());

interface Service {
  sample: SampleName;
  install: (root: string) => Promise<void>;
  part: Part;
  testCommand: string;
}

const SERVICES: Service[] = [
  { sample: 'typescript-shop', install: installWorkspaces, part: SHOP_PART, testCommand: 'npm test' },
  {
    sample: 'python-parcels',
    install: installEditable,
    part: PARCELS_PART,
    testCommand: '.venv/bin/python -m pytest',
  },
];

describe.each(SERVICES)('$sample, without .self-healing/', ({ sample, install, part }) => {
  it('is healed on detected defaults, by tests that load the tree that is judged', async () => {
    stage = await setStage(sample, { origin: true, install });
    const { exit, result, report, stderr } = await heal(stage, honestFix(part, UNVERIFIED));
    expect(result, stderr + report).toMatchObject({ status: 'proposed', verdict: 'pass', attempts: 1 });
    expect(exit).toBe(0);
    await expectUntouched(stage);
  });
});
