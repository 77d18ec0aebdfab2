/** Who is killed when in a round of chaos: every victim at every moment in turn, then further deaths by a seed. */
import type { PlayedAgent } from '../../../cli/demo/model-turn.ts';
import type { IncidentStatus } from '../../../store/states.ts';

export type Victim = 'serve' | 'client' | 'server';

/** `fixed` is the error that can be fixed, `unclear` the one whose cause is not found. */
export type Kind = 'fixed' | 'unclear';

export type Moment =
  /** When the incident has just come into this state. */
  | { at: 'state'; of: Kind; status: IncidentStatus }
  /** When the model is asked for this answer. */
  | { at: 'turn'; of: Kind; agent: PlayedAgent; step: number };

export interface Death {
  victim: Victim;
  moment: Moment;
  /** Later than the moment. */
  afterMs: number;
}

const STATES: Moment[] = [
  ...(['settling', 'detected', 'queued', 'healing', 'verified', 'proposed'] as const).map((status) =>
    state('fixed', status),
  ),
  ...(['queued', 'healing', 'escalated'] as const).map((status) => state('unclear', status)),
];
const TURNS: Moment[] = [
  ...[0, 1, 2, 3].map((step) => turn('fixed', 'diagnostician', step)),
  ...[0, 1, 2, 3, 4, 5].map((step) => turn('fixed', 'self-healing', step)),
  ...[1, 2].map((step) => turn('unclear', 'diagnostician', step)),
];

/** Every victim at every moment at which it is there to be killed. */
export const DEATHS: readonly Omit<Death, 'afterMs'>[] = [
  ...[...STATES, ...TURNS].map((moment) => ({ victim: 'serve' as const, moment })),
  ...TURNS.flatMap((moment) => [
    { victim: 'client' as const, moment },
    { victim: 'server' as const, moment },
  ]),
];

/** The deaths of the round of this number: one of the list, and as often as not a second one. */
export function deathsOf(round: number, seed: number): Death[] {
  const random = randomFrom(seed * 100_003 + round);
  const deaths = [{ ...pick(DEATHS, round), afterMs: delay(random) }];
  if (random() < 0.5) deaths.push({ ...pick(DEATHS, Math.floor(random() * DEATHS.length)), afterMs: delay(random) });
  return deaths;
}

export function told({ victim, moment, afterMs }: Death): string {
  const when =
    moment.at === 'state' ? `${moment.of} is ${moment.status}` : `${moment.of}, ${moment.agent} ${moment.step}`;
  return `${victim} dies ${afterMs} ms after: ${when}`;
}

function state(of: Kind, status: IncidentStatus): Moment {
  return { at: 'state', of, status };
}

function turn(of: Kind, agent: PlayedAgent, step: number): Moment {
  return { at: 'turn', of, agent, step };
}

function pick<T>(list: readonly T[], at: number): T {
  const found = list[at % list.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

/** At once as often as not, else within what a step takes. */
function delay(random: () => number): number {
  return random() < 0.5 ? 0 : Math.floor(random() * 1500);
}

/** Mulberry32: the same numbers for the same seed, everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
