/** Rows of rounds, written the way the product writes them, at times that a test sets. */
import { setDiagnosis } from '../../../store/diagnoses.ts';
import { saveProposal } from '../../../store/proposals.ts';
import { finishRun, insertRun, unseenEnd } from '../../../store/runs.ts';
import type { Database } from '../../../store/sqlite.ts';
import { sqliteIncidents } from '../../../store/sqlite-incidents.ts';
import type { IncidentStatus } from '../../../store/states.ts';
import { appendVerification } from '../../../store/verifications.ts';
import { eventRow } from '../../store/incidents.contract.ts';

export const START = Date.parse('2026-11-01T00:00:00.000Z');
export const HOUR = 3_600_000;

/** `clock.now` in milliseconds; the test turns it on. */
export function history(db: () => Database, clock: { now: number }) {
  const at = (ms = clock.now) => new Date(ms).toISOString();
  const store = () => sqliteIncidents(db(), () => new Date(clock.now));

  async function incident(name: string, source = 'sentry'): Promise<string> {
    const fingerprint = name.padEnd(16, '0');
    await store().record(
      eventRow({ id: name, fingerprint, source, first_seen: at(), last_seen: at(), received_at: at() }),
    );
    return `INC-${fingerprint}`;
  }

  async function goBecause(id: string, why: string, ...states: IncidentStatus[]): Promise<void> {
    for (const to of states) {
      const result = await store().transition({ incident: id, to, who: 'test', why });
      if (!result.ok) throw new Error(`${id} cannot become ${to}: ${result.reason}`);
    }
  }

  const go = (id: string, ...states: IncidentStatus[]) => goBecause(id, 'as the test wants', ...states);

  function diagnosed(id: string, failure_type: string, round = 1): void {
    setDiagnosis(db(), {
      incident: id,
      round,
      root_cause: 'x',
      failure_type,
      affected_files: ['a.ts'],
      confidence: 0.9,
      reasoning: 'y',
      at: at(),
    });
  }

  function ran(id: string, attempt: number, cost: number, round = 1): void {
    const run = `${id}/${round}/${attempt}`;
    insertRun(db(), { id: run, incident: id, round, attempt, phase: 'fix', started_at: at() });
    finishRun(db(), run, { ...unseenEnd(new Date(clock.now), null), cost_usd: cost });
  }

  function passed(id: string, round = 1): void {
    appendVerification(db(), {
      id: `v-${id}-${round}-${clock.now}`,
      incident: id,
      round,
      run: null,
      iteration: 1,
      tree: 'a'.repeat(40),
      verdict: 'pass',
      result: {},
      by: 'parent',
      at: at(),
    });
  }

  async function proposed(id: string, round = 1): Promise<void> {
    await go(id, 'verified', 'proposed');
    saveProposal(db(), {
      incident: id,
      round,
      branch: 'b',
      commit: 'c'.repeat(40),
      tree: 'a'.repeat(40),
      url: null,
      base_branch: 'main',
      status: 'pushed',
      title: 't',
      summary: 's',
      at: at(),
    });
  }

  return { at, incident, go, goBecause, diagnosed, ran, passed, proposed };
}
