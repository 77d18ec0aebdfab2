/** The lesson of a heal in the one commit that is proposed, by the real client and an agent that wrote none. */
import { afterEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix } from '../../cli/demo/play.ts';
import { expectUntouched, heal } from './healed.ts';
import { type Stage, setStage } from './stage.ts';

const FILE = '.self-healing/incidents.yaml';
let stage: Stage;
afterEach(() => stage.remove());

it('is drafted into the tree that is verified, with the summary of the proposal', async () => {
  stage = await setStage('node-orders');
  const { exit, result, report, stderr } = await heal(stage, honestFix(ORDERS_PART, { run: null, lesson: null }));
  expect(result, stderr).toMatchObject({ status: 'proposed', verdict: 'pass', attempts: 1 });
  expect(exit).toBe(0);
  const { incident, branch = '' } = result;
  const before = await stage.git(['show', `main:${FILE}`]);
  const after = await stage.git(['show', `${branch}:${FILE}`]);
  const known = parse(before).incidents ?? [];
  const { incidents } = parse(after);
  expect(incidents.slice(0, known.length)).toEqual(known);
  expect(incidents.slice(known.length)).toEqual([
    expect.objectContaining({
      id: incident,
      files: ORDERS_PART.edits.map(({ file }) => file),
      fix: ORDERS_PART.summary.replace(/\s+/g, ' '),
      lesson: expect.stringContaining(String(ORDERS_PART.scenario.why)),
    }),
  ]);
  expect(after).toContain('# Drafted by self-healing');
  expect(await stage.git(['log', '-1', '--format=%B', branch])).toContain(
    await stage.git(['rev-parse', `${branch}^{tree}`]),
  );
  expect(report).toContain('**Lesson** that it adds to the incident memory');
  expect(stderr).toContain('The agent wrote no lesson');
  await expectUntouched(stage);
}, 350_000);
