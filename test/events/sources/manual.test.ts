import { describe, expect, it } from 'vitest';
import { readManual } from '../../../events/sources/manual.ts';
import { fixture } from '../fixtures.ts';

describe('readManual', () => {
  it('takes the whole text as one error', () => {
    const text = 'the cart total is wrong\nwhen a coupon is used twice';
    expect(readManual(`\n${text}\n`)).toEqual([{ type: '', message: text, text }]);
  });

  it('reads the head of an error', () => {
    expect(readManual('TypeError: x is not a function')).toMatchObject([
      { type: 'TypeError', message: 'x is not a function' },
    ]);
  });

  it('reads the stack in it, and keeps the words around it', () => {
    const [found] = readManual(`this happens since Monday:\n${fixture('node-20-uncaught')}`);
    expect(found).toMatchObject({
      type: 'TypeError',
      stack: { frames: { length: 10 } },
      text: expect.stringContaining('since Monday'),
    });
  });

  it('has nothing to say about nothing', () => {
    expect(readManual(' \n ')).toEqual([]);
  });
});
