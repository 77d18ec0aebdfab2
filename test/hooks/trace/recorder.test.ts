import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../hooks/trace/happening.ts';
import { type HookEvent, parseHookEvent } from '../../../hooks/trace/hook-event.ts';
import { CallRecorder } from '../../../hooks/trace/recorder.ts';
import { fixture } from './calls.ts';

function event(name: string): HookEvent {
  const read = parseHookEvent(JSON.parse(fixture(`hooks/${name}.json`)));
  if (!read) throw new Error(`${name} is no event`);
  return read;
}

const seeAll = (events: readonly HookEvent[]): Happening[] => {
  const recorder = new CallRecorder();
  return events.flatMap((one) => recorder.see(one));
};
const ends = (events: readonly HookEvent[]) =>
  seeAll(events).map((one) => (one.kind === 'call' ? `${one.id} ${one.tool} ${one.outcome}` : one.kind));

describe('recorded events', () => {
  it('a call that ran is told once, with its end, when its own event comes', () => {
    expect(ends([event('PreToolUse.Bash'), event('PostToolUse.Bash'), event('PostToolBatch.single')])).toEqual([
      'toolu_s1_0 Bash ok',
    ]);
    expect(ends([event('PostToolUseFailure.Bash'), event('PostToolUseFailure.Bash')])).toEqual([
      'toolu_s2_0 Bash error',
    ]);
    expect(ends([event('PostToolUseFailure.Read')])).toEqual([expect.stringMatching(/ Read error$/)]);
  });

  it.each([
    ['a failed edit', 'PostToolBatch.Edit.not-found', 'toolu_s6_0 Edit refused'],
    ['invalid input', 'PostToolBatch.invalid-input', 'toolu_s21_0 Bash refused'],
    ['an unknown tool', 'PostToolBatch.unknown-tool', 'toolu_s20_0 NoSuchTool refused'],
    ["a hook's denial, whatever its text", 'PostToolBatch.hook-denied', 'toolu_s1_0 Bash refused'],
  ])('%s is told by the batch alone', (_what, name, told) => {
    expect(ends([event(name)])).toEqual([told]);
    expect(ends([event('PreToolUse.Bash'), event(name), event(name)])).toEqual([told]);
  });

  it('calls are told as they come back, and keep the folder they started in', () => {
    const pre = event('PreToolUse.Bash');
    const post: HookEvent = { ...event('PostToolUse.Bash'), cwd: '/home/dev/app/web' };
    expect(seeAll([pre, post])).toMatchObject([{ cwd: '/home/dev/app' }]);
    expect(seeAll([post])).toMatchObject([{ cwd: '/home/dev/app/web' }]);
    expect(ends([event('PostToolBatch.parallel')])).toEqual(['toolu_s11_0 Bash refused', 'toolu_s11_1 Bash error']);
  });

  it("the same id in another agent or session is another call, under that agent's name", () => {
    const main = event('PostToolUse.Bash');
    const sub: HookEvent = { ...main, agent: 'a1' };
    expect(seeAll([main, sub, { ...main, session: 'other' }, sub])).toMatchObject([
      { agent: '' },
      { agent: 'a1' },
      { agent: '' },
    ]);
  });

  it('prompts and compactions pass through', () => {
    expect(seeAll([event('UserPromptSubmit'), event('PreCompact')])).toEqual([
      { kind: 'prompt', agent: '', text: 'PROMPT-TEXT' },
      { kind: 'compaction', agent: '' },
    ]);
  });

  it('forgets the oldest of very many', () => {
    const recorder = new CallRecorder();
    const post = event('PostToolUse.Bash');
    if (post.event !== 'PostToolUse') throw new Error('another event');
    const tell = (index: number) => recorder.see({ ...post, id: `t${index}` }).length;
    for (let index = 0; index < 25_000; index++) expect(tell(index)).toBe(1);
    expect(tell(24_999)).toBe(0);
    expect(tell(6_000)).toBe(0);
    expect(tell(0)).toBe(1);
  });
});

describe('any interleaving of the events of several agents', () => {
  interface Planned {
    how: 'ok' | 'failed' | 'refused' | 'never came back';
    /** Without a Pre event, as invalid calls are. */
    silent: boolean;
    doubled: boolean;
  }

  const planned: fc.Arbitrary<Planned> = fc.record({
    how: fc.constantFrom('ok' as const, 'failed' as const, 'refused' as const, 'never came back' as const),
    silent: fc.boolean(),
    doubled: fc.boolean(),
  });
  const batches = fc.array(fc.array(planned, { minLength: 1, maxLength: 4 }), { maxLength: 4 });

  /** The events of one batch: those of its calls in any order, and what the batch says after them. */
  function eventsOf(agent: string, batch: number, calls: readonly Planned[]): { own: HookEvent[][]; last: HookEvent } {
    const from = { session: 's', agent, cwd: '/a' };
    const told = calls.map((plan, index) => ({
      plan,
      call: { id: `${agent}-${batch}-${index}`, tool: 'Bash', input: { command: `${agent} ${batch} ${index}` } },
    }));
    const own = told.map(({ plan, call }): HookEvent[] => {
      const pre: HookEvent[] = plan.silent ? [] : [{ ...from, event: 'PreToolUse', ...call }];
      const post: HookEvent[] =
        plan.how === 'ok'
          ? [{ ...from, event: 'PostToolUse', ...call, output: 'done' }]
          : plan.how === 'failed'
            ? [{ ...from, event: 'PostToolUseFailure', ...call, output: 'Exit code 1' }]
            : [];
      const events = [...pre, ...post];
      return plan.doubled ? [...events, ...events] : events;
    });
    const output = { ok: 'done', failed: 'Exit code 1', refused: 'No. [scope.diagnosis]', 'never came back': '' };
    const back = told.filter(({ plan }) => plan.how !== 'never came back');
    return {
      own,
      last: {
        ...from,
        event: 'PostToolBatch',
        calls: back.map(({ plan, call }) => ({ ...call, output: output[plan.how] })),
      },
    };
  }

  function merge(lists: readonly (readonly HookEvent[])[], picks: readonly number[]): HookEvent[] {
    const rest = lists.map((list) => [...list]).filter((list) => list.length > 0);
    const merged: HookEvent[] = [];
    for (let step = 0; rest.length > 0; step++) {
      const at = (picks[step % picks.length] ?? 0) % rest.length;
      const next = rest[at]?.shift();
      if (next) merged.push(next);
      if (rest[at]?.length === 0) rest.splice(at, 1);
    }
    return merged;
  }

  const agents = fc.tuple(batches, batches, batches);
  const picks = fc.array(fc.nat(20), { minLength: 5, maxLength: 60 });
  const planOf = (plans: [Planned[][], Planned[][], Planned[][]]) =>
    plans.map((list, agent) => list.map((calls, batch) => eventsOf(agent === 0 ? '' : `a${agent}`, batch, calls)));

  it('tells each call that came back once, of its agent, with its end', () => {
    fc.assert(
      fc.property(agents, picks, (plans, order) => {
        const streams = planOf(plans).map((list) => list.flatMap(({ own, last }) => [...merge(own, order), last]));
        const told = seeAll(merge(streams, order)).flatMap((one) =>
          one.kind === 'call' ? [`${one.agent} ${one.id} ${one.outcome}`] : [],
        );
        const outcome = { ok: 'ok', failed: 'error', refused: 'refused' };
        const expected = plans.flatMap((list, index) => {
          const agent = index === 0 ? '' : `a${index}`;
          return list.flatMap((calls, batch) =>
            calls.flatMap(({ how }, at) =>
              how === 'never came back' ? [] : [`${agent} ${agent}-${batch}-${at} ${outcome[how]}`],
            ),
          );
        });
        expect(told.sort()).toEqual(expected.sort());
      }),
    );
  });

  it('gives the same set of calls in every order, even where a batch overtakes its calls', () => {
    fc.assert(
      fc.property(agents, picks, fc.integer(), (plans, order, seed) => {
        const events = planOf(plans).flatMap((list) => list.flatMap(({ own, last }) => [...own.flat(), last]));
        const shuffled = events
          .map((one, index) => ({ one, key: Math.imul(index + 1, seed | 1) % 997 }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        const ids = (list: HookEvent[]) =>
          seeAll(list)
            .map((one) => (one.kind === 'call' ? `${one.agent} ${one.id}` : ''))
            .sort();
        expect(ids(shuffled)).toEqual(ids(events));
        expect(ids(merge([shuffled], order))).toEqual(ids(events));
      }),
    );
  });
});
