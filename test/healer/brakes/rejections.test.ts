import { expect, it } from 'vitest';
import { defaultConfig } from '../../../context/schemas/config.ts';
import { stoppedByRejections } from '../../../healer/brakes/rejections.ts';
import { reportError } from '../../../healer/incidents/report-error.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import { addResume } from '../../../store/resumes.ts';
import type { IncidentStatus } from '../../../store/states.ts';
import { ERROR } from '../sample-fix.ts';
import { benchOn, sampleBench } from '../sample-repository.ts';

type Way = (IncidentStatus | [IncidentStatus, string])[];
const PROVEN: Way = ['healing', 'verified', 'awaiting_publish'];
const BY_POLICY: Way = ['healing', 'verified', ['proposed', 'policy']];
const APPROVED: Way = [...PROVEN, ['proposed', 'person:ada']];

async function history() {
  let clock = Date.parse('2026-11-20T10:00:00Z');
  const sample = await sampleBench(
    { 'a.js': '' },
    {
      now() {
        clock += 1000;
        return new Date(clock);
      },
    },
  );
  const { bench } = sample;
  let made = 0;
  const step = async (incident: string, ways: Way) => {
    for (const one of ways) {
      const [to, who] = typeof one === 'string' ? [one, 'test'] : one;
      const moved = await bench.incidents.transition({ incident, to, who, why: '' });
      expect(moved, `${incident} to ${to}`).toMatchObject({ ok: true });
    }
  };
  const fresh = async (...ways: Way) => {
    const word = `word${++made}`;
    const text = ERROR.replace('tenantId', word).replace('tenantOf', word);
    const { incident } = await reportError(bench, { text });
    await step(incident, ways);
    return incident;
  };
  return { ...sample, fresh, step };
}

const row = async (bench: Workbench) =>
  (
    await stoppedByRejections(bench, {
      ...defaultConfig(),
      budget: { ...defaultConfig().budget, stop_after_rejections: 1 },
    })
  )?.rejections ?? 0;

it('counts fixes and pull requests that were turned down, and only those since one was accepted', async () => {
  const { bench, fresh } = await history();
  expect(await row(bench)).toBe(0);
  await fresh(...PROVEN, 'rejected');
  await fresh(...BY_POLICY, 'rejected');
  expect(await row(bench)).toBe(2);
  await fresh(...BY_POLICY);
  expect(await row(bench), 'what nobody has looked at is no answer').toBe(2);
  await fresh(...BY_POLICY, 'merged');
  expect(await row(bench)).toBe(0);
  await fresh(...BY_POLICY, 'rejected');
  expect(await row(bench)).toBe(1);
});

it('takes what a person let be published as accepted, until somebody turns that down', async () => {
  const { bench, fresh, step } = await history();
  await fresh(...PROVEN, 'rejected');
  const approved = await fresh(...APPROVED);
  expect(await row(bench)).toBe(0);
  await step(approved, ['rejected']);
  expect(await row(bench)).toBe(2);
});

it('counts each round of one incident', async () => {
  const { bench, fresh, step } = await history();
  const incident = await fresh(...BY_POLICY, 'rejected');
  await step(incident, ['queued', ...BY_POLICY, 'rejected']);
  expect(await row(bench)).toBe(2);
});

it('begins anew when a person says so, and forgets nothing over a restart', async () => {
  const { bench, fresh, repository } = await history();
  for (let times = 0; times < 3; times++) await fresh(...PROVEN, 'rejected');
  const again = await benchOn(repository, { now: bench.now });
  expect(await stoppedByRejections(again, defaultConfig())).toMatchObject({
    rejections: 3,
    why: expect.stringContaining('budget.stop_after_rejections is 3'),
    next: expect.stringContaining('self-healing resume'),
  });
  addResume(bench.db, { who: 'person:ada', at: bench.now().toISOString() });
  expect(await stoppedByRejections(again, defaultConfig())).toBeUndefined();
  await fresh(...PROVEN, 'rejected');
  expect(await row(again)).toBe(1);
});
