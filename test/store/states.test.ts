import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterOccurrence,
  INCIDENT_STATUSES,
  type IncidentStatus,
  isEnded,
  isLegal,
  nextStates,
  opensRound,
} from '../../store/states.ts';

const status = fc.constantFrom(...INCIDENT_STATUSES);

/** The design's list, written a second time and in another shape, so that a slip in the table shows. */
const DESIGN = `
settling>detected settling>ignored detected>queued detected>awaiting_start awaiting_start>queued awaiting_start>skipped
queued>healing queued>escalated healing>verified healing>escalated healing>dismissed healing>awaiting_start
verified>proposed verified>awaiting_publish awaiting_publish>proposed awaiting_publish>rejected awaiting_publish>healing
awaiting_publish>escalated awaiting_start>escalated proposed>merged proposed>rejected merged>watching
watching>resolved watching>rolled_back watching>escalated ignored>detected escalated>queued skipped>queued dismissed>queued rejected>queued
dismissed>detected proposed>queued healing>queued resolved>detected rolled_back>detected
detected>ignored awaiting_start>ignored queued>ignored queued>proposed`
  .trim()
  .split(/\s+/);

describe('the table of states', () => {
  it('is the design’s list and cancelling from everywhere else, nothing more', () => {
    const wanted = new Set([
      ...DESIGN,
      ...INCIDENT_STATUSES.filter((s) => s !== 'cancelled').map((s) => `${s}>cancelled`),
    ]);
    const actual = INCIDENT_STATUSES.flatMap((from) => nextStates(from).map((to) => `${from}>${to}`));
    expect([...actual].sort()).toEqual([...wanted].sort());
  });

  it('reaches every state from the first one', () => {
    const reached = new Set<IncidentStatus>(['settling']);
    for (const from of reached) for (const to of nextStates(from)) reached.add(to);
    expect([...reached].sort()).toEqual([...INCIDENT_STATUSES].sort());
  });

  it('moves an ended incident only by a person or an occurrence, and an open one can always go on', () => {
    const ended = INCIDENT_STATUSES.filter(isEnded);
    expect(ended).toEqual([
      'ignored',
      'skipped',
      'resolved',
      'rolled_back',
      'escalated',
      'dismissed',
      'rejected',
      'cancelled',
    ]);
    for (const from of ended)
      expect(nextStates(from).every((to) => ['queued', 'detected', 'cancelled'].includes(to))).toBe(true);
    for (const from of INCIDENT_STATUSES.filter((s) => !isEnded(s)))
      expect(nextStates(from).some((to) => to !== 'cancelled')).toBe(true);
  });
});

describe('rounds', () => {
  it('open only on the way back from the six closed ends', () => {
    const opening = INCIDENT_STATUSES.flatMap((from) =>
      nextStates(from)
        .filter((to) => opensRound(from, to))
        .map((to) => `${from}>${to}`),
    );
    expect(opening.sort()).toEqual(
      ['escalated>queued', 'skipped>queued', 'dismissed>queued', 'dismissed>detected', 'rejected>queued']
        .concat(['resolved>detected', 'rolled_back>detected'])
        .sort(),
    );
  });

  it('are kept after a crash and a review', () => {
    expect(opensRound('healing', 'queued')).toBe(false);
    expect(opensRound('proposed', 'queued')).toBe(false);
    expect(opensRound('ignored', 'detected')).toBe(false);
  });
});

it('takes a new occurrence only by a legal step', () => {
  fc.assert(
    fc.property(status, fc.boolean(), (from, confirmed) => {
      const to = afterOccurrence(from, confirmed);
      return to === undefined || isLegal(from, to);
    }),
  );
  expect(afterOccurrence('dismissed', false)).toBe('detected');
  expect(afterOccurrence('dismissed', true)).toBeUndefined();
});
