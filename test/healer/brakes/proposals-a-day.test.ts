import { expect, it } from 'vitest';
import { type Config, defaultConfig } from '../../../context/schemas/config.ts';
import { mayNotPropose, proposalsUsedUp } from '../../../healer/brakes/proposals-a-day.ts';
import { reportError } from '../../../healer/incidents/report-error.ts';
import { saveProposal } from '../../../store/proposals.ts';
import { ERROR } from '../sample-fix.ts';
import { sampleBench } from '../sample-repository.ts';

const HOUR = 3_600_000;

function config(most: number): Config {
  return { ...defaultConfig(), budget: { ...defaultConfig().budget, max_prs_per_day: most } };
}

async function bench() {
  let clock = Date.parse('2026-11-20T10:00:00Z');
  const { bench: made } = await sampleBench({ 'a.js': '' }, { now: () => new Date(clock) });
  const propose = (incident: string, round = 1) =>
    saveProposal(made.db, {
      ...{ incident, round, branch: 'b', commit: 'c', tree: 't', url: null, base_branch: null },
      ...{ status: 'branch', title: '', summary: '', at: made.now().toISOString() },
    });
  const verified = async (word: string) => {
    const { incident } = await reportError(made, { text: ERROR.replace('tenantId', word).replace('tenantOf', word) });
    for (const to of ['healing', 'verified'] as const)
      await made.incidents.transition({ incident, to, who: 'heal', why: '' });
    return { incident, round: 1 };
  };
  return { bench: made, propose, verified, pass: (ms: number) => (clock += ms) };
}

it('lets go on when the oldest that counts is a day old', async () => {
  const { bench: at, propose, pass } = await bench();
  propose('INC-1');
  pass(HOUR);
  propose('INC-2');
  expect(proposalsUsedUp(at, config(3))).toBeUndefined();
  expect(proposalsUsedUp(at, config(2))).toEqual({
    why: 'budget.max_prs_per_day (2) is used up',
    until: new Date('2026-11-21T10:00:00Z'),
  });
  // One was allowed, and two were made (the limit was lowered): the second has to be a day old too.
  expect(proposalsUsedUp(at, config(1))?.until).toEqual(new Date('2026-11-21T11:00:00Z'));
  pass(23 * HOUR);
  expect(proposalsUsedUp(at, config(2))).toBeUndefined();
  expect(proposalsUsedUp(at, config(0))).toMatchObject({ until: null });
});

it('counts a round once, however often it is published again', async () => {
  const { bench: at, propose, pass } = await bench();
  propose('INC-1');
  pass(HOUR);
  propose('INC-1');
  expect(proposalsUsedUp(at, config(2))).toBeUndefined();
  expect(proposalsUsedUp(at, config(1))?.until).toEqual(new Date('2026-11-21T10:00:00Z'));
  expect(await mayNotPropose(at, config(1), { incident: 'INC-1', round: 1 })).toBeUndefined();
  expect(await mayNotPropose(at, config(1), { incident: 'INC-1', round: 2 })).toBeDefined();
});

it('lets no more pass that are proven at the same time than there is room for', async () => {
  const { bench: at, propose, verified, pass } = await bench();
  propose('INC-1');
  const first = await verified('one');
  pass(1);
  const second = await verified('two');
  expect(await mayNotPropose(at, config(2), first)).toBeUndefined();
  expect(await mayNotPropose(at, config(2), second)).toBeDefined();
  expect(await mayNotPropose(at, config(3), second)).toBeUndefined();
});
