import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packEvents, unpackEvents } from '../../store/packed-events.ts';
import { eventRow } from './incidents.contract.ts';

const optional = fc.constantFrom('x', 'y', undefined);
const frames = [{ file: 'src/a.ts', in_app: true }];
const event = fc
  .record({
    id: fc.string(),
    fingerprint: fc.constantFrom('a'.repeat(16), 'b'.repeat(16)),
    service: optional,
    file: optional,
    message: fc.string({ unit: 'binary' }),
    count: fc.integer(),
    frames: fc.constantFrom(frames, [...frames], [], undefined),
    labels: fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }),
  })
  .map((changes) => eventRow(changes));

it('gives back what was packed', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 8 }), (events) => {
      expect(unpackEvents(packEvents(events))).toEqual(JSON.parse(JSON.stringify(events)));
    }),
  );
});

it('writes once what events of one fingerprint have in common', () => {
  const stackTrace = 'at a (src/a.ts:1:1)'.repeat(50);
  const events = Array.from({ length: 20 }, (_, at) => ({ ...eventRow({ id: `id-${at}` }), stackTrace }));
  expect(packEvents(events).length).toBeLessThan(2 * JSON.stringify(events[0]).length);
});
