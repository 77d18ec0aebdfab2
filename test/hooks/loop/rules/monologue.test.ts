import { expect, it } from 'vitest';
import { bash, compaction, prompt, says, told } from '../run.ts';

const alike = says('I will now look at the failing test and fix it.');
const words = ['The cause is the cache.', 'Let me plan.', 'First the reader.', 'Then its tests.', 'Done: all is well.'];

it('flags 3 texts that say the same, and 5 of any kind', () => {
  expect(told([alike, alike, alike])).toEqual(['loop.monologue:1 at 3']);
  expect(told(words.map(says))).toEqual(['loop.monologue:1 at 5']);
});

it('counts on over a compaction and over what a Stop hook or the same prompt says again', () => {
  const feedback = prompt('Stop hook feedback:\nCall verify_fix before you end.');
  expect(told(words.flatMap((text) => [says(text), feedback]))).toEqual(['loop.monologue:1 at 9']);
  expect(told([alike, alike, compaction, alike])).toEqual(['loop.monologue:1 at 4']);
  expect(told([prompt('Go on.'), alike, prompt('Go on.'), alike, prompt('Go on.'), alike])).toEqual([
    'loop.monologue:1 at 6',
  ]);
});

it('lets a conversation and work with words in between go on', () => {
  expect(told(words.flatMap((text, n) => [prompt(`Question ${'abcde'[n]}?`), says(text)]))).toEqual([]);
  expect(told(words.flatMap((text, n) => [says(text), bash(`cat ${'abcde'[n]}.ts`, text)]))).toEqual([]);
});
