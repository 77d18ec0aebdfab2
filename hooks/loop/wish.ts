/** Whether a person asked for the same thing to be done several times. */

const NUMBERS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const TIMES = new RegExp(
  `\\b(?:run|runs|rerun|repeat|try|execute|start|call|do|test|measure|check|loop|once more|it|them)\\b[^.\\n]{0,60}?\\b(\\d{1,4}|${NUMBERS.slice(2).join('|')}|twenty|fifty|hundred|several|multiple|many|a few|a couple of|some)\\s?(?:more )?(?:times|runs|rounds|x\\b)`,
  'i',
);
const AGAIN =
  /\b(?:flaky|flakes|flakiness|intermittent(?:ly)?|repeatedly|over and over|in a loop|stress[- ]test|soak|benchmarks?|keep (?:running|trying|polling|checking)|until it (?:fails|breaks|passes|is))\b/i;
/** Where no number is told. */
const SEVERAL = 10;
const MOST = 100;
/** What a person asks for stands in few words; a report that is pasted in tells of times, too. */
const LONG = 600;

/** How often; 0 when nobody asked for it. */
export function wishedTimes(prompt: string): number {
  if (prompt.length > LONG) return 0;
  const told = TIMES.exec(prompt)?.[1]?.toLowerCase();
  if (told === undefined) return AGAIN.test(prompt) ? SEVERAL : 0;
  const number = /^\d/.test(told) ? Number(told) : NUMBERS.indexOf(told);
  return number < 0 ? SEVERAL : Math.min(number, MOST);
}
