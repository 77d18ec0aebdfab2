import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openKnownWords } from '../../events/known-words.ts';
import { normalize } from '../../events/normalize.ts';
import { remembered } from '../../events/remembered.ts';

it('computes what is asked for often once, and keeps no more than it may', () => {
  const asked: string[] = [];
  const length = remembered((text) => {
    asked.push(text);
    return text.length;
  }, 1000);
  for (let n = 0; n < 500; n++) {
    expect(length('often')).toBe(5);
    expect(length(`rare ${n}`)).toBe(`rare ${n}`.length);
  }
  expect(asked.filter((text) => text === 'often')).toHaveLength(1);
  expect(length('rare 0')).toBe(6);
  expect(asked.filter((text) => text === 'rare 0')).toHaveLength(2);
  length('x'.repeat(20_000));
  length('x'.repeat(20_000));
  expect(asked.filter((text) => text.startsWith('xx'))).toHaveLength(2);
});

it('remembers that there is no answer, and half a character as it is', () => {
  let asked = 0;
  const nothing = remembered((text) => {
    asked++;
    return text === '\ud83d' ? '\ud83d' : undefined;
  }, 1000);
  expect([nothing('a'), nothing('a'), asked]).toEqual([undefined, undefined, 1]);
  expect(nothing('\ud83d')).toBe('\ud83d');
});

it('says of an error the same, whatever was read before', () => {
  const options = { root: '/srv/shop', known: (path: string) => path.startsWith('src/'), now: new Date(0) };
  const knownWords = openKnownWords(options);
  const word = fc.constantFrom(
    'a',
    'b',
    'password=',
    'hunter2',
    '17',
    '4711',
    'ann@shop.io',
    '10.0.0.1',
    ' ',
    '\u001b[1m',
  );
  const message = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => `x${words.join('')}`);
  const file = fc.constantFrom('/srv/shop/src/a.js', '/opt/app/src/b.js', '/srv/shop/node_modules/c.js');
  const error = fc.record({
    message,
    service: fc.constantFrom('shop', 'cart ann@shop.io'),
    stack: fc.tuple(message, file, fc.nat(99)).map(([m, f, n]) => `TypeError: ${m}\n    at f (${f}:${n}:1)`),
  });
  fc.assert(
    fc.property(fc.array(error, { minLength: 1, maxLength: 3 }), (events) => {
      const body = JSON.stringify({ events });
      expect(normalize('generic', body, { ...options, knownWords })).toEqual(normalize('generic', body, options));
    }),
    { numRuns: 300 },
  );
});
