/** What every IncidentStore must do, whatever database is behind it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventRow, IncidentStore } from '../../store/incidents.ts';
import type { IncidentStatus } from '../../store/states.ts';

const FINGERPRINT = '1a2b3c4d5e6f7890';
const INCIDENT = `INC-${FINGERPRINT}`;
let serial = 0;

export function eventRow(changes: Partial<EventRow> & Record<string, unknown> = {}): EventRow {
  return {
    id: `event-${++serial}`,
    fingerprint: FINGERPRINT,
    source: 'log',
    service: 'shop',
    severity: 'low',
    type: 'TypeError',
    message: 'x is not\n  a function',
    file: 'src/tenant.ts',
    count: 1,
    first_seen: '2026-11-20T10:00:00Z',
    last_seen: '2026-11-20T10:00:00Z',
    received_at: '2026-11-20T10:00:01Z',
    ...changes,
  };
}

/** Takes an incident along a way of states; every step must be legal. */
export async function walk(store: IncidentStore, ...way: IncidentStatus[]): Promise<void> {
  for (const to of way) {
    const result = await store.transition({ incident: INCIDENT, to, who: 'test', why: 'walk' });
    expect(result).toMatchObject({ ok: true, record: { status: to } });
  }
}

export function incidentStoreContract(open: (now: () => Date) => { store: IncidentStore; close: () => void }): void {
  let store: IncidentStore;
  let close: () => void;
  let clock: number;

  beforeEach(() => {
    clock = Date.parse('2026-11-20T12:00:00Z');
    ({ store, close } = open(() => new Date(clock)));
  });
  afterEach(() => close());

  describe('recording events', () => {
    it('makes one incident of the first and hands everything back', async () => {
      const event = eventRow({ labels: { zone: 'ä' }, frames: [{ file: 'src/tenant.ts', in_app: true }] });
      const { record, ...flags } = await store.record(event);
      expect(flags).toEqual({ created: true, duplicate: false, reopened: false });
      expect(record).toEqual({
        incident: INCIDENT,
        fingerprint: FINGERPRINT,
        status: 'settling',
        severity: 'low',
        count: 1,
        error: 'TypeError: x is not a function',
        files: ['src/tenant.ts'],
        source: 'log',
        service: 'shop',
        round: 1,
        first_seen: event.first_seen,
        last_seen: event.last_seen,
        event,
        dismissal_confirmed: false,
        created_at: '2026-11-20T12:00:00.000Z',
        updated_at: '2026-11-20T12:00:00.000Z',
      });
      expect(await store.get(INCIDENT)).toEqual(record);
      expect(await store.transitions(INCIDENT)).toEqual([
        {
          incident: INCIDENT,
          round: 1,
          from: null,
          to: 'settling',
          who: 'intake',
          why: 'first occurrence',
          at: record.created_at,
        },
      ]);
    });

    it('adds later ones: counts up, widens the window, keeps the worst severity, shows the newest', async () => {
      await store.record(eventRow({ severity: 'high', count: 3 }));
      const newer = eventRow({
        message: 'y is not a function',
        last_seen: '2026-11-20T10:00:00.500Z',
        file: 'src/b.ts',
      });
      await store.record(newer);
      const late = eventRow({ first_seen: '2026-11-20T09:00:00Z', last_seen: '2026-11-20T09:30:00Z', count: 2 });
      const { record, created } = await store.record(late);
      expect(created).toBe(false);
      expect(record).toMatchObject({
        severity: 'high',
        count: 6,
        error: 'TypeError: y is not a function',
        files: ['src/tenant.ts', 'src/b.ts'],
        first_seen: '2026-11-20T09:00:00Z',
        last_seen: '2026-11-20T10:00:00.500Z',
        event: newer,
      });
    });

    it('changes nothing for an id seen before', async () => {
      const event = eventRow();
      const first = await store.record(event);
      clock += 1000;
      const again = await store.record({ ...event, count: 9 });
      expect(again).toEqual({ record: first.record, created: false, duplicate: true, reopened: false });
    });

    it('keeps text as it is, and only the error on one short line', async () => {
      const message = `'; DROP TABLE incidents; --\u2028${'€'.repeat(5000)}`;
      const { record } = await store.record(eventRow({ type: '', message }));
      expect(record.event).toMatchObject({ message });
      expect(record.error).toMatch(/^'; DROP TABLE incidents; -- €+$/);
      expect(record.error.length).toBeLessThanOrEqual(500);
    });
  });

  describe('a delivery', () => {
    const delivery = (id: string | undefined, ...events: EventRow[]) => ({ source: 'relay', id, events });

    it('records all of its events, or nothing when one cannot be', async () => {
      const answer = await store.deliver(delivery('d1', eventRow(), eventRow({ fingerprint: 'a'.repeat(16) })));
      expect(answer).toMatchObject({ duplicate: false, recorded: [{ created: true }, { created: true }] });
      const broken = { ...eventRow({ fingerprint: 'b'.repeat(16) }), count: null as unknown as number };
      await expect(store.deliver(delivery('d2', eventRow(), broken))).rejects.toThrow();
      expect(await store.get(INCIDENT)).toMatchObject({ count: 1 });
      // What was not taken in is not known either.
      expect(await store.deliver(delivery('d2', eventRow()))).toMatchObject({ duplicate: false });
    });

    it('is written with others, and one that cannot be takes none of them with it', async () => {
      const broken = { ...eventRow({ fingerprint: 'b'.repeat(16) }), count: null as unknown as number };
      const outcomes = await store.deliverAll([
        delivery('d1', eventRow()),
        delivery('d2', eventRow(), broken),
        delivery('d1', eventRow()),
        delivery(undefined, eventRow({ fingerprint: 'a'.repeat(16) })),
      ]);
      expect(outcomes).toMatchObject([
        { ok: true, delivered: { duplicate: false, recorded: [{ created: true }] } },
        { ok: false },
        { ok: true, delivered: { duplicate: true } },
        { ok: true, delivered: { duplicate: false } },
      ]);
      expect(await store.get(INCIDENT)).toMatchObject({ count: 1 });
      expect(await store.get(`INC-${'b'.repeat(16)}`)).toBeUndefined();
      expect(await store.deliver(delivery('d2', eventRow()))).toMatchObject({ duplicate: false });
    });

    it('is known by its id for a day, within its source', async () => {
      await store.deliver(delivery('d1', eventRow()));
      clock += 86_400_000;
      expect(await store.deliver(delivery('d1', eventRow()))).toEqual({ duplicate: true });
      expect(await store.deliver({ ...delivery('d1', eventRow()), source: 'generic' })).toMatchObject({
        duplicate: false,
      });
      clock += 1;
      expect(await store.deliver(delivery('d1', eventRow()))).toMatchObject({ duplicate: false });
      for (let i = 0; i < 2; i++)
        expect(await store.deliver(delivery(undefined, eventRow()))).toMatchObject({ duplicate: false });
      expect(await store.get(INCIDENT)).toMatchObject({ count: 5 });
    });
  });

  it('weighs the events of some time: those of watchers by what they say, the others by their number too', async () => {
    const at = (second: number) => `2026-11-20T10:00:0${second}.000Z`;
    await store.record(eventRow({ count: 7, severity: 'critical', received_at: at(0) }));
    await store.record(eventRow({ count: 2, received_at: at(1) }));
    await store.record(eventRow({ count: 3, received_at: at(2) }));
    await store.record(eventRow({ count: 9, severity: 'high', source: 'sentry', received_at: at(3) }));
    const { counted, severities } = await store.weigh(INCIDENT, at(1), ['sentry']);
    expect([counted, severities.sort()]).toEqual([5, ['high', 'low']]);
    expect(await store.weigh(INCIDENT, at(4), [])).toEqual({ counted: 0, severities: [] });
    await store.setSeverity(INCIDENT, 'medium');
    expect(await store.get(INCIDENT)).toMatchObject({ severity: 'medium', status: 'settling' });
  });

  it('moves several in one transaction, each as if alone', async () => {
    await store.record(eventRow());
    const step = (to: IncidentStatus, from: IncidentStatus) => ({
      incident: INCIDENT,
      to,
      from: [from],
      who: 't',
      why: '',
    });
    const unknown = { ...step('queued', 'detected'), incident: 'INC-none' };
    expect(
      await store.transitionAll([
        step('queued', 'detected'),
        step('detected', 'settling'),
        unknown,
        step('queued', 'detected'),
      ]),
    ).toMatchObject([{ reason: 'not_from' }, { ok: true }, { reason: 'unknown_incident' }, { ok: true }]);
    expect(await store.get(INCIDENT)).toMatchObject({ status: 'queued' });
  });

  describe('a new occurrence', () => {
    const healed: IncidentStatus[] = ['detected', 'queued', 'healing', 'verified', 'proposed', 'merged', 'watching'];

    it.each(['resolved', 'rolled_back'] as const)('takes it back from %s in a new round', async (end) => {
      await store.record(eventRow());
      await walk(store, ...healed, end);
      const { record, reopened } = await store.record(eventRow());
      expect(reopened).toBe(true);
      expect(record).toMatchObject({ status: 'detected', round: 2, count: 2 });
      expect((await store.transitions(INCIDENT)).at(-1)).toMatchObject({
        round: 2,
        from: end,
        to: 'detected',
        who: 'intake',
      });
    });

    it('takes it back from a dismissal until a person confirms that', async () => {
      await store.record(eventRow());
      expect(await store.confirmDismissal(INCIDENT, 'person:ada')).toBe(false);
      await walk(store, 'detected', 'queued', 'healing', 'dismissed');
      expect(await store.record(eventRow())).toMatchObject({
        reopened: true,
        record: { status: 'detected', round: 2 },
      });
      await walk(store, 'queued', 'healing', 'dismissed');
      expect(await store.confirmDismissal(INCIDENT, 'person:ada')).toBe(true);
      expect(await store.record(eventRow())).toMatchObject({
        reopened: false,
        record: { status: 'dismissed', round: 2, count: 3, dismissal_confirmed: true },
      });
      await walk(store, 'queued');
      expect(await store.get(INCIDENT)).toMatchObject({ round: 3, dismissal_confirmed: false });
    });

    it.each(['escalated', 'cancelled'] as const)('only counts when it is %s', async (end) => {
      await store.record(eventRow());
      await walk(store, 'detected', 'queued', end);
      expect(await store.record(eventRow())).toMatchObject({
        reopened: false,
        record: { status: end, round: 1, count: 2 },
      });
    });
  });

  describe('transitions', () => {
    it('are refused by name when the incident is unknown, elsewhere, or the step is not in the table', async () => {
      const step = { incident: INCIDENT, to: 'queued' as const, who: 'test', why: '' };
      expect(await store.transition(step)).toEqual({ ok: false, reason: 'unknown_incident' });
      await store.record(eventRow());
      expect(await store.transition(step)).toEqual({ ok: false, reason: 'illegal', status: 'settling' });
      await walk(store, 'detected');
      expect(await store.transition({ ...step, from: ['awaiting_start'] })).toEqual({
        ok: false,
        reason: 'not_from',
        status: 'detected',
      });
      expect(await store.transitions(INCIDENT)).toHaveLength(2);
      expect(await store.transition({ ...step, from: ['detected'] })).toMatchObject({ ok: true });
    });

    it('count rounds: a crash keeps it, a person’s retry opens the next', async () => {
      await store.record(eventRow());
      await walk(store, 'detected', 'queued', 'healing', 'queued', 'healing', 'escalated');
      expect(await store.get(INCIDENT)).toMatchObject({ round: 1 });
      clock += 60_000;
      await walk(store, 'queued');
      expect(await store.get(INCIDENT)).toMatchObject({ round: 2, updated_at: new Date(clock).toISOString() });
      expect((await store.transitions(INCIDENT)).map((row) => [row.to, row.round])).toEqual([
        ['settling', 1],
        ['detected', 1],
        ['queued', 1],
        ['healing', 1],
        ['queued', 1],
        ['healing', 1],
        ['escalated', 1],
        ['queued', 2],
      ]);
    });
  });

  it('lists by newest occurrence, by state, and up to a limit', async () => {
    const at = (second: number) => `2026-11-20T10:00:0${second}Z`;
    await store.record(eventRow({ fingerprint: 'a'.repeat(16), last_seen: at(2) }));
    await store.record(eventRow({ fingerprint: 'b'.repeat(16), last_seen: at(3) }));
    await store.record(eventRow({ last_seen: at(1) }));
    await walk(store, 'detected');
    const names = async (filter?: Parameters<IncidentStore['list']>[0]) =>
      (await store.list(filter)).map((record) => record.fingerprint[0]);
    expect(await names()).toEqual(['b', 'a', '1']);
    expect(await names({ limit: 1 })).toEqual(['b']);
    expect(await names({ status: ['settling', 'healing'] })).toEqual(['b', 'a']);
    expect(await names({ status: ['detected'] })).toEqual(['1']);
    expect(await names({ status: [] })).toEqual([]);
    expect(await store.get('INC-none')).toBeUndefined();
  });

  it('tells how proposals fared, newest first, and of no other step', async () => {
    await store.record(eventRow());
    await walk(store, 'detected', 'queued', 'healing', 'verified', 'proposed', 'rejected', 'queued', 'healing');
    await walk(store, 'verified', 'awaiting_publish', 'rejected');
    expect((await store.outcomes(10)).map(({ round, from, to, who }) => [round, from, to, who])).toEqual([
      [2, 'awaiting_publish', 'rejected', 'test'],
      [1, 'proposed', 'rejected', 'test'],
      [1, 'verified', 'proposed', 'test'],
    ]);
    expect(await store.outcomes(1)).toHaveLength(1);
  });

  describe('a lease', () => {
    it('belongs to one holder until it expires, is released, or is renewed', async () => {
      expect(await store.acquireLease(INCIDENT, 'a', 1000)).toEqual({
        incident: INCIDENT,
        holder: 'a',
        expires_at: '2026-11-20T12:00:01.000Z',
      });
      expect(await store.acquireLease(INCIDENT, 'b', 1000)).toBeUndefined();
      expect(await store.renewLease(INCIDENT, 'b', 1000)).toBe(false);
      clock += 999;
      expect(await store.renewLease(INCIDENT, 'a', 1000)).toBe(true);
      expect(await store.acquireLease(INCIDENT, 'a', 2000)).toMatchObject({ holder: 'a' });
      clock += 1999;
      expect(await store.acquireLease(INCIDENT, 'b', 1000)).toBeUndefined();
      clock += 1;
      expect(await store.renewLease(INCIDENT, 'a', 1000)).toBe(false);
      expect(await store.acquireLease(INCIDENT, 'b', 1000)).toMatchObject({ holder: 'b' });
      await store.releaseLease(INCIDENT, 'a');
      expect(await store.acquireLease(INCIDENT, 'a', 1000)).toBeUndefined();
      await store.releaseLease(INCIDENT, 'b');
      expect(await store.acquireLease(INCIDENT, 'a', 1000)).toMatchObject({ holder: 'a' });
    });

    it('is listed until it is over', async () => {
      const lease = await store.acquireLease(INCIDENT, 'a', 1000);
      await store.acquireLease('INC-other', 'b', 500);
      await store.acquireLease('INC-released', 'c', 1000);
      await store.releaseLease('INC-released', 'c');
      expect((await store.leases()).map(({ incident }) => incident)).toEqual([INCIDENT, 'INC-other']);
      clock += 500;
      expect(await store.leases()).toEqual([lease]);
    });

    it('of one incident says nothing about another', async () => {
      await store.acquireLease(INCIDENT, 'a', 1000);
      expect(await store.acquireLease('INC-other', 'b', 1000)).toMatchObject({ holder: 'b' });
    });
  });

  describe('the queue', () => {
    const HOUR = 3_600_000;
    let made = 0;
    /** One that is queued now; answers with its id. */
    const queue = async (severity: string): Promise<string> => {
      const fingerprint = (++made).toString(16).padStart(16, '0');
      const incident = `INC-${fingerprint}`;
      await store.record(eventRow({ fingerprint, severity }));
      for (const to of ['detected', 'queued'] as const)
        await store.transition({ incident, to, who: 'test', why: 'queue' });
      return incident;
    };
    const order = async () => (await store.queued(100)).map(({ incident }) => incident);

    it('gives turns by severity, then to who has waited longest', async () => {
      const [low, high1, medium] = [await queue('low'), await queue('high'), await queue('medium')];
      clock += 1000;
      const [high2, critical] = [await queue('high'), await queue('critical')];
      expect(await order()).toEqual([critical, high1, high2, medium, low]);
      for (const expected of [critical, high1, high2, medium, low])
        expect(await store.claimNext('a', 1000)).toMatchObject({ incident: expected, status: 'queued' });
      expect(await store.claimNext('a', 1000)).toBeUndefined();
    });

    it('lets nothing starve: after a day even a low one is before whatever comes', async () => {
      const low = await queue('low');
      clock += 23 * HOUR;
      const before = await queue('critical');
      clock += HOUR + 1;
      const after = await queue('critical');
      expect(await order()).toEqual([before, low, after]);
    });

    it('moves the turn with the severity, and keeps the place of one that comes back from a crash', async () => {
      const [first, second] = [await queue('medium'), await queue('medium')];
      await store.setSeverity(second, 'critical');
      expect(await order()).toEqual([second, first]);
      await store.setSeverity(second, 'medium');
      await store.transition({ incident: first, to: 'healing', who: 'test', why: '' });
      expect(await order()).toEqual([second]);
      clock += 1000;
      await store.transition({ incident: first, to: 'queued', who: 'test', why: '' });
      expect(await order()).toEqual([first, second]);
      // A person's retry waits anew.
      await store.transition({ incident: first, to: 'escalated', who: 'test', why: '' });
      await store.transition({ incident: first, to: 'queued', who: 'person:ada', why: '' });
      expect(await order()).toEqual([second, first]);
    });

    it('gives one incident to one of two workers, and again only when its lease is over', async () => {
      const only = await queue('high');
      const taken = await Promise.all(['a', 'b'].map((holder) => store.claimNext(holder, 1000)));
      expect(taken.map((record) => record?.incident).sort()).toEqual([only, undefined]);
      const other = await queue('low');
      expect(await store.claimNext('c', 1000)).toMatchObject({ incident: other });
      clock += 1000;
      expect(await store.claimNext('d', 1000)).toMatchObject({ incident: only });
      expect(await store.renewLease(only, 'a', 1000)).toBe(false);
    });

    it('passes over what it is told to, and what is not queued', async () => {
      const [first, second] = [await queue('critical'), await queue('low')];
      expect(await store.claimNext('a', 1000, [first])).toMatchObject({ incident: second });
      await store.releaseLease(second, 'a');
      await store.transition({ incident: first, to: 'cancelled', who: 'test', why: '' });
      expect(await store.claimNext('a', 1000)).toMatchObject({ incident: second });
    });

    it('remembers one back-off, the newest, until it is ended', async () => {
      expect(await store.backOff()).toBeUndefined();
      const met = { why: 'rate limit', next: '', incident: INCIDENT, times: 1, since: 's', until: 'u' };
      await store.setBackOff(met);
      await store.setBackOff({ ...met, times: 2 });
      expect(await store.backOff()).toEqual({ ...met, times: 2 });
      await store.setBackOff(undefined);
      expect(await store.backOff()).toBeUndefined();
    });
  });
}
