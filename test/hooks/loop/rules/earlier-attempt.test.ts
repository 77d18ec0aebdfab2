import { expect, it } from 'vitest';
import { LoopDetector } from '../../../../hooks/loop/detector.ts';
import type { Happening } from '../../../../hooks/trace/happening.ts';
import { edit, settings, tests, told } from '../run.ts';

function pointsOf(run: readonly Happening[], earlier = new LoopDetector(settings).points()) {
  const detector = new LoopDetector(settings, { earlier });
  for (const happening of run) detector.see(happening);
  return detector.points();
}

const first = [
  tests(['a', 'b']),
  edit('/app/a.ts', 'x', 'y'),
  tests(['a', 'c']),
  edit('/app/a.ts', 'y', 'z'),
  tests(['d', 'e']),
];

it('flags where an earlier attempt has been, once for each point', () => {
  const again = [tests(['a', 'b']), edit('/app/a.ts', 'x', 'z'), tests(['d', 'e']), tests(['d', 'e'])];
  expect(told(again, { earlier: pointsOf(first) })).toEqual(['loop.earlier_attempt:1 at 3']);
  expect(told(first, { earlier: pointsOf(first) })).toEqual([
    'loop.earlier_attempt:1 at 3',
    'loop.earlier_attempt:2 at 5',
  ]);
});

it('lets the start be the start, other checks be other, and less failures be progress', () => {
  const earlier = pointsOf(first);
  expect(told([tests(['a', 'b']), tests(['a', 'b'])], { earlier })).toEqual([]);
  expect(told([tests(['a', 'b']), edit('/app/a.ts', 'x', 'z'), tests(['f', 'e'])], { earlier })).toEqual([]);
  expect(told([tests(['a', 'b', 'c']), edit('/app/a.ts', 'x', 'z'), tests(['d', 'e'])], { earlier })).toEqual([]);
});

it('hands on what all attempts reached, and goes by git trees where they are known', () => {
  const byTree = [tests(['a'], 'e', 't1'), edit('/app/a.ts', 'x', 'y', 't2'), tests(['b'], 'e', 't2')];
  const second = pointsOf(byTree, pointsOf(first));
  expect(second).toHaveLength(3);
  const third = [tests(['a'], 'e', 't1'), edit('/app/b.ts', 'p', 'q', 't2'), tests(['b'], 'e', 't2')];
  expect(told(third, { earlier: second })).toEqual(['loop.earlier_attempt:1 at 3']);
});
