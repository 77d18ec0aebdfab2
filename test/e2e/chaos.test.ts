/**
 * SIGKILL of `serve`, client and server at every moment, and what holds all the same: no incident is lost, none is worked
 * on twice at once, nothing is proposed twice, the person's checkout stays, nothing is left running or lying about.
 * `CHAOS_ROUNDS` and `CHAOS_SEED` choose how many rounds and which; the list of deaths is gone through from `CHAOS_FROM`.
 */
import { appendFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEATHS, deathsOf, told } from './chaos/plan.ts';
import { playRound } from './chaos/round.ts';

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const ROUNDS = number('CHAOS_ROUNDS', 10);
const SEED = number('CHAOS_SEED', 1);
/** Without a number a few of them are played; the steps between them make these as different as can be. */
const STRIDE = process.env.CHAOS_ROUNDS === undefined ? Math.floor(DEATHS.length / ROUNDS) : 1;
const FROM = number('CHAOS_FROM', 0);

const rounds = Array.from({ length: ROUNDS }, (_, at) => FROM + at * STRIDE);

it.each(rounds)('round %i', { timeout: 600_000, retry: 0 }, async (round) => {
  const deaths = deathsOf(round, SEED);
  const { story, broken, killed, ends } = await playRound(deaths);
  const log = process.env.CHAOS_LOG;
  if (log)
    appendFileSync(
      log,
      `${JSON.stringify({ round, seed: SEED, deaths: deaths.map(told), killed, ends, broken, ...(broken.length > 0 && { story }) })}\n`,
    );
  expect(broken, [...deaths.map(told), ...story].join('\n')).toEqual([]);
});
