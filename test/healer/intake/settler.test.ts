import { describe, expect, it } from 'vitest';
import { mute } from '../../../healer/incidents/mute.ts';
import { workingConfig } from '../../../healer/incidents/working-config.ts';
import { admit } from '../../../healer/intake/admit.ts';
import { openSettings } from '../../../healer/intake/settings.ts';
import { settleDue } from '../../../healer/intake/settler.ts';
import type { IncidentStatus } from '../../../store/states.ts';
import { eventRow } from '../../store/incidents.contract.ts';
import { benchOn, sampleBench } from '../sample-repository.ts';

const START = Date.parse('2026-11-20T10:00:00Z');
const INCIDENT = 'INC-1a2b3c4d5e6f7890';

/** A repository whose clock a test moves: `serve` without its HTTP. */
async function intake(config = '') {
  let clock = START;
  const now = () => new Date(clock);
  const yaml = `version: "1.0"\n${config}`;
  const { bench, repository } = await sampleBench({ '.self-healing/config.yaml': yaml }, { now });
  const log = () => {};
  const settings = await openSettings(bench, log);
  return {
    bench,
    repository,
    now,
    at: (seconds: number) => (clock = START + seconds * 1000),
    /** One occurrence, as a delivery brings it. */
    async occur(changes: Record<string, unknown> = {}) {
      const event = eventRow({ severity: 'low', received_at: now().toISOString(), ...changes });
      const { record } = await bench.incidents.record(event);
      return admit(bench, record, await workingConfig(bench.repository));
    },
    look: () => settleDue({ bench, settings }, log),
    status: async () => (await bench.incidents.get(INCIDENT))?.status,
    why: async () => (await bench.incidents.transitions(INCIDENT)).at(-1)?.why,
    walk: async (...way: IncidentStatus[]) => {
      for (const to of way) await bench.incidents.transition({ incident: INCIDENT, to, who: 'test', why: '' });
    },
  };
}

describe('the settle window', () => {
  it('restarts with every occurrence and ends at its longest', async () => {
    const { at, occur, look, status } = await intake('intake: { settle: 30s, settle_max: 60s, min_severity: low }\n');
    await occur();
    for (const second of [20, 40]) {
      at(second);
      await occur();
      await look();
      expect(await status()).toBe('settling');
    }
    at(59);
    await occur();
    await look();
    expect(await status()).toBe('settling');
    at(60);
    await look();
    expect(await status()).toBe('queued');
  });

  it('survives a restart: counts and times are rows', async () => {
    const { at, occur, repository, now } = await intake('intake: { settle: 30s }\n');
    for (const second of [0, 5, 10]) {
      at(second);
      await occur();
    }
    const again = await benchOn(repository, { now });
    const settings = await openSettings(again, () => {});
    at(39);
    await settleDue({ bench: again, settings }, () => {});
    expect(await again.incidents.get(INCIDENT)).toMatchObject({ status: 'settling' });
    at(40);
    await settleDue({ bench: again, settings }, () => {});
    expect(await again.incidents.get(INCIDENT)).toMatchObject({ status: 'queued', severity: 'medium', count: 3 });
  });

  it('is not made longer by a clock that is set back', async () => {
    const { at, occur, look, status } = await intake('intake: { settle: 30s, min_severity: low }\n');
    at(3600);
    await occur();
    at(0);
    await look();
    expect(await status()).toBe('queued');
  });
});

describe('what has settled', () => {
  it('is ignored below the minimum severity, and taken back when its count grows', async () => {
    const { at, occur, look, status, why, bench } = await intake('intake: { settle: 1s }\n');
    await occur();
    at(10);
    await look();
    expect(await status()).toBe('ignored');
    expect(await why()).toBe('its severity is low, and intake.min_severity is medium');
    await occur();
    expect(await status()).toBe('ignored');
    await occur();
    expect(await status()).toBe('queued');
    expect(await bench.incidents.get(INCIDENT)).toMatchObject({ severity: 'medium', round: 1 });
  });

  it('counts within the window only', async () => {
    const { at, occur, look, status } = await intake('intake: { settle: 1s, count_window: 1m }\n');
    for (let i = 0; i < 4; i++) {
      at(i * 100);
      await occur();
      at(i * 100 + 2);
      await look();
      expect(await status()).toBe('ignored');
    }
  });

  it('is critical by what it says, whatever its count', async () => {
    const { at, occur, look, bench } = await intake('intake: { settle: 1s, min_severity: critical }\n');
    await occur({ message: 'connect ECONNREFUSED 127.0.0.1:5432' });
    at(2);
    await look();
    expect(await bench.incidents.get(INCIDENT)).toMatchObject({ status: 'queued', severity: 'critical' });
  });

  it('is as grave as a watcher says, however often it fires', async () => {
    const { at, occur, look, bench } = await intake('intake: { settle: 1s }\n');
    for (let i = 0; i < 12; i++) await occur({ source: 'alertmanager', severity: 'low' });
    at(2);
    await look();
    expect(await bench.incidents.get(INCIDENT)).toMatchObject({ status: 'ignored', severity: 'low', count: 12 });
    await occur({ source: 'alertmanager', severity: 'critical' });
    expect(await bench.incidents.get(INCIDENT)).toMatchObject({ status: 'queued', severity: 'critical' });
  });

  it('of Sentry counts like any other, and is at least what Sentry made of it', async () => {
    const { occur, at, look, status, bench } = await intake('intake: { settle: 1s }\n');
    await occur({ source: 'sentry', severity: 'low' });
    at(2);
    await look();
    expect(await status()).toBe('ignored');
    for (let i = 0; i < 2; i++) await occur({ source: 'sentry', severity: 'low' });
    expect(await bench.incidents.get(INCIDENT)).toMatchObject({ status: 'queued', severity: 'medium' });
    await occur({ source: 'sentry', severity: 'critical' });
    expect(await bench.incidents.get(INCIDENT)).toMatchObject({ severity: 'critical' });
  });

  it('of Sentry that looks like a denial waits for a person, whatever rule told of it', async () => {
    const { occur, at, look, status } = await intake('intake: { settle: 1s }\n');
    const denied = { type: 'ForbiddenError', message: 'user 17 may not read order 4711', severity: 'medium' };
    await occur({ ...denied, source: 'sentry', trigger: 'alert' });
    at(2);
    await look();
    expect(await status()).toBe('awaiting_start');
  });

  it('waits for a person where the config says so, for some sources too', async () => {
    const ask = await intake('intake: { settle: 1s, min_severity: low }\napproval: { start: ask }\n');
    await ask.occur();
    ask.at(2);
    await ask.look();
    expect(await ask.status()).toBe('awaiting_start');
    const some = await intake(
      'intake: { settle: 1s, min_severity: low }\noverrides: [{ match: { service: shop }, set: { approval: { start: ask } } }]\n',
    );
    await some.occur();
    some.at(2);
    await some.look();
    expect(await some.status()).toBe('awaiting_start');
  });
});

describe('what is left alone', () => {
  it('by triage.mute and triage.not_a_bug is ignored, and says why', async () => {
    const muted = await intake(
      'intake: { settle: 1s, min_severity: low }\ntriage: { mute: [{ fingerprint: 1a2b3c4d5e6f7890, reason: known }] }\n',
    );
    await muted.occur();
    muted.at(2);
    await muted.look();
    expect([await muted.status(), await muted.why()]).toEqual(['ignored', 'muted: known']);
    const filtered = await intake(
      'intake: { settle: 1s, min_severity: low }\ntriage: { not_a_bug: ["is not\\\\s+a function"] }\n',
    );
    await filtered.occur();
    filtered.at(2);
    await filtered.look();
    expect(await filtered.status()).toBe('ignored');
    expect(await filtered.why()).toContain('triage.not_a_bug');
  });

  it('by a person is ignored at once, and until its date only counted', async () => {
    const { at, occur, look, status, bench } = await intake('intake: { settle: 1s, min_severity: low }\n');
    await occur();
    at(2);
    await look();
    expect(await status()).toBe('queued');
    const request = { fingerprint: '1a2b3c4d5e6f7890', reason: 'later', who: 'person:ada' };
    await mute(bench, { ...request, until: '2026-11-21' });
    expect(await status()).toBe('ignored');
    await occur();
    expect(await status()).toBe('ignored');
    at(3 * 86_400);
    await occur();
    expect(await status()).toBe('queued');
    await expect(mute(bench, { ...request, until: 'soon' })).rejects.toThrow('no date');
  });

  it('is offered where it looks like a denial, and a person decides', async () => {
    const { at, occur, look, status, why } = await intake('intake: { settle: 1s, min_severity: low }\n');
    await occur({ type: 'ForbiddenError', message: 'user 17 may not read order 4711' });
    at(2);
    await look();
    expect(await status()).toBe('awaiting_start');
    expect(await why()).toContain('a denied request');
    expect(await why()).toContain('^ForbiddenError: user .* may not read order .*');
  });
});

it('a regression opens a new round whatever its count', async () => {
  const { at, occur, look, status, walk, bench } = await intake('intake: { settle: 1s }\n');
  await occur({ count: 3, severity: 'medium' });
  at(2);
  await look();
  await walk('healing', 'verified', 'proposed', 'merged', 'watching', 'resolved');
  at(9 * 86_400);
  await occur();
  expect(await status()).toBe('queued');
  expect(await bench.incidents.get(INCIDENT)).toMatchObject({ round: 2, count: 4 });
});
