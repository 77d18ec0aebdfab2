/** What every source that comes by HTTP must do, whoever sends and whatever. */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { pathOf } from '../../../healer/intake/source.ts';
import { SOURCES } from '../../../healer/intake/sources.ts';
import { hostileBody } from './hostile-body.ts';
import { post, SECRETS, type Served, served } from './serving.ts';

export interface SourceContract {
  name: string;
  /** The variable that holds its secret. */
  variable: keyof typeof SECRETS;
  /** A body that tells one error or more; each call another one, so that nothing is known yet. */
  fresh(): string;
  /** JSON that is none of this source's. */
  strange: string;
  /** What a sender that knows the secret adds. `at`: unix seconds. */
  sign(body: string | Uint8Array, secret: string): Record<string, string>;
  /** Where it answers with something of its own. */
  accepted?: { status: number; body: object };
  /** The values of its path's parameters. */
  params?: Record<string, string>;
  /** Other variables of which one is enough. */
  or?: (keyof typeof SECRETS)[];
  /** What it tells is looked up after the answer: by then there is a row of what is to be done, in place of an event. */
  later?: boolean;
}

export function sourceContract(contract: SourceContract): void {
  const { name, variable, fresh, strange, sign, accepted, params = {}, or = [], later = false } = contract;
  const secret = SECRETS[variable];
  const ACCEPTED = accepted?.status ?? 202;
  const source = SOURCES.find((one) => one.name === name);
  if (!source) throw new Error(`There is no source ${name}`);
  const path = pathOf(source).replace(/:(\w+)/g, (_, name: string) => params[name] ?? '');
  let serving: Served;
  const send = (body: string | Uint8Array, headers = sign(body, secret)) => post(serving, path, body, headers);
  const rows = () =>
    serving.bench.db.get<{ n: number }>(`SELECT count(*) AS n FROM ${later ? 'errands' : 'events'}`)?.n ?? 0;

  describe(`the source ${name}`, () => {
    beforeAll(async () => {
      serving = await served();
    });

    it('accepts what is proven, and has it on disk by then', async () => {
      const before = rows();
      const { status, body } = await send(fresh());
      expect(status).toBe(ACCEPTED);
      if (accepted) expect(body).toEqual(accepted.body);
      else if (later) expect(body.errands).toBe(1);
      else expect(body.incidents).not.toEqual([]);
      expect(rows()).toBeGreaterThan(before);
    });

    it('takes the same delivery twice for one', async () => {
      const told = fresh();
      const headers = sign(told, secret);
      const said = (duplicate: boolean) => ({ status: ACCEPTED, body: accepted?.body ?? { duplicate } });
      expect(await send(told, headers)).toMatchObject(said(false));
      const before = rows();
      expect(await send(told, headers)).toMatchObject(said(true));
      expect(rows()).toBe(before);
    });

    it('refuses what is not proven before it reads it', async () => {
      const before = rows();
      const told = fresh();
      for (const headers of [{}, sign(told, 'another secret'), sign(told, ''), { authorization: 'Bearer' }])
        for (const body of [told, 'not { json'])
          expect(await send(body, headers as Record<string, string>)).toMatchObject({
            status: 401,
            body: { error: { code: 'not_allowed' } },
          });
      expect(rows()).toBe(before);
    });

    it('answers 422 with what is wrong, whatever the bytes', async () => {
      const before = rows();
      const deep = `${'['.repeat(200_000)}`;
      const nested = `{"alerts":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`;
      const cut = fresh().slice(0, -5);
      for (const body of [strange, 'not { json', '', 'null', '[]', '7', '{"__proto__":1}', deep, nested, cut]) {
        const sent = await send(body);
        expect([body.slice(0, 40), sent.status]).toEqual([body.slice(0, 40), 422]);
        expect(sent.body.error?.message).not.toBe('');
      }
      const latin = Buffer.from(fresh().replace(/[a-z](?=[a-z]{3})/, '\u00e9'), 'latin1');
      const utf16 = Buffer.from(fresh(), 'utf16le');
      for (const bytes of [latin, utf16, Buffer.from([0xff, 0xfe, 0x00])])
        expect(await send(bytes)).toMatchObject({ status: 422 });
      expect(rows()).toBe(before);
      expect(await send(fresh())).toMatchObject({ status: ACCEPTED });
    });

    it('answers 413 over 1 MiB, proven or not, and takes what is just below', async () => {
      const large = `${fresh()}${' '.repeat(1024 * 1024)}`;
      expect(await send(large)).toMatchObject({ status: 413 });
      expect(await send(large, {})).toMatchObject({ status: 413 });
      const told = fresh();
      expect(await send(told + ' '.repeat(1024 * 1024 - Buffer.byteLength(told)))).toMatchObject({ status: ACCEPTED });
    });

    it('keeps secrets and bodies out of the log', async () => {
      await send(fresh());
      await send('not { json');
      const log = JSON.stringify(serving.logged);
      expect(log).toContain(path);
      expect(log).not.toContain(secret);
      expect(log).not.toContain('marker-of-the-body');
    });
  });

  it(`the source ${name} takes or refuses whatever it is sent, and keeps nothing of it in memory`, async () => {
    const serving = await served({ rate: { burst: 1e6, perSecond: 1e6 } });
    const told = fresh();
    const seen = new Map<number, number>();
    const ask = async (body: Uint8Array) => {
      const { status } = await post(serving, path, body, sign(body, secret));
      seen.set(status, (seen.get(status) ?? 0) + 1);
      return status;
    };
    const property = fc.asyncProperty(hostileBody(told), async (body) => {
      const status = await ask(body);
      expect(status === 200 || status === 202 || (status >= 400 && status < 500), `${status}`).toBe(true);
    });
    await fc.assert(property, { numRuns: 150 });
    expect([...seen].filter(([status]) => status >= 400).reduce((sum, [, times]) => sum + times, 0)).toBeGreaterThan(
      50,
    );

    const large = Buffer.from(JSON.stringify({ events: Array(3000).fill({ text: 'x'.repeat(250) }), alerts: 7 }));
    const sizes: number[] = [];
    for (let block = 0; block < 6; block++) {
      for (let i = 0; i < 15; i++) expect(await ask(large)).toBe(422);
      sizes.push(await heap());
    }
    // What was collected too late is in some of them; what is kept is in all that come later, and would be 45 MB more.
    expect(Math.min(...sizes.slice(-2)) - Math.min(...sizes.slice(0, 2))).toBeLessThan(16_000_000);
    expect(await ask(Buffer.from(fresh()))).toBe(ACCEPTED);
  });

  it(`the source ${name} names its variable when that is not set`, async () => {
    const others = [variable, ...or] as string[];
    const env = Object.fromEntries(Object.entries(SECRETS).filter(([name]) => !others.includes(name)));
    const serving = await served({ env });
    const told = fresh();
    const sent = await post(serving, path, told, sign(told, secret));
    expect(sent.status).toBe(503);
    expect(sent.body.error?.message).toContain(variable);
    expect(serving.notReady).toContainEqual({ source: name, variables: [variable, ...or] });
  });

  it(`the source ${name} is told to wait when it sends too much, and others are not`, async () => {
    const serving = await served({ rate: { burst: 2, perSecond: 0.001 } });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) {
      // Somebody without the secret takes nothing of it.
      expect(await post(serving, path, 'x', {})).toMatchObject({ status: 401 });
      const told = fresh();
      const sent = await post(serving, path, told, sign(told, secret));
      statuses.push(sent.status);
      if (sent.status === 429) expect(Number(sent.retryAfter)).toBeGreaterThan(0);
    }
    expect(statuses).toEqual([ACCEPTED, ACCEPTED, 429, 429]);
  });
}

/** Bytes in use after what can be thrown away is; what ends a buffer runs after the first collection. */
async function heap(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  await setImmediate();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
