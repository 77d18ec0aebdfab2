import { createEnvelope, type Envelope, parseEnvelope as official, serializeEnvelope } from '@sentry/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../events/errors.ts';
import { parseEnvelope } from '../../../../events/sources/sentry/envelope.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const ID = '9ec79c33ec9942ab8353589fcb2e04dc';

describe('an envelope', () => {
  it('is read as the SDK reads it, whatever its items hold', () => {
    const payload = fc.oneof(
      fc.record({ message: fc.string({ unit: 'grapheme' }), extra: fc.jsonValue({ maxDepth: 3 }) }),
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
    );
    const type = fc.constantFrom('event', 'transaction', 'attachment', 'session', 'something_new');
    fc.assert(
      fc.property(fc.array(fc.tuple(type, payload), { minLength: 1, maxLength: 6 }), (parts) => {
        const items = parts.map(([kind, content]) =>
          content instanceof Uint8Array ? [{ type: kind, length: content.length }, content] : [{ type: kind }, content],
        );
        const sent = createEnvelope({ event_id: ID } as never, items as never) as Envelope;
        const wire = serializeEnvelope(sent);
        const raw = typeof wire === 'string' ? bytes(wire) : wire;
        const [, theirs] = official(raw);
        const ours = parseEnvelope(raw);
        expect(ours.header.event_id).toBe(ID);
        expect(
          ours.items.map(({ type: kind, payload: content }, at) => [
            kind,
            theirs[at]?.[1] instanceof Uint8Array ? [...content] : JSON.parse(new TextDecoder().decode(content)),
          ]),
        ).toEqual(
          theirs.map(([{ type: kind }, content]) => [kind, content instanceof Uint8Array ? [...content] : content]),
        );
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['', 'not JSON'],
    ['{}', 'no items'],
    ['{}\n\n\n', 'no items'],
    ['[]\n{"type":"event"}\n{}', 'envelope'],
    ['{}\n{"type":"event","length":-1}\n{}', 'length'],
    ['{}\n{"type":"event","length":1.5}\n{}', 'length'],
    ['{}\n{"type":"event","length":9000000000}\n{}', '9000000000 bytes'],
    ['{}\n{"type":"event","length":1}\n{}', 'goes on'],
    ['{}\n{"length":2}\n{}', 'type'],
    [`{}\n${'{"type":"a"}\n{}\n'.repeat(1001)}`, '1000 items'],
    [`${'{"a":'.repeat(100)}1${'}'.repeat(100)}\n{"type":"event"}\n{}`, 'nested'],
  ])('%# that is broken says how', (text, why) => {
    expect(() => parseEnvelope(bytes(text))).toThrow(why);
  });

  it('of any bytes is read or refused, and nothing else', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '{}',
        '\n',
        '{"type":"event"}',
        '{"type":"event","length":3}',
        '{"event_id":null,"dsn":7}',
        '{"',
        '\r\n',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.uint8Array({ maxLength: 8 }), (pieces, tail) => {
        try {
          parseEnvelope(Buffer.concat([bytes(pieces.join('')), tail]));
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
