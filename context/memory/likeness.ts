/**
 * How alike two error messages are, from 0 to 1: the words they share, of both and of the shorter one (a message is often
 * wrapped in another), once numbers, times, ids and addresses are masked,
 * where names (`tenantId`, `users_email_key`, `ECONNREFUSED`) tell more than other words, and the words that every error
 * of a runtime is made of tell next to nothing. docs/memory.md has the measured rates.
 */
import { maskText } from '../../events/mask.ts';

/** From here on two messages count as alike. Measured on test/context/memory/likeness.test.ts. */
export const ALIKE = 0.7;

const LONGEST = 2000;
const TOKEN = /<\w+>|[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*/gu;
/** Written like a name: camelCase, with `_` or `$`, or a code in capitals. */
const NAME = /\p{Ll}\p{Lu}|[_$]|^\p{Lu}{4,}$/u;
const COMMON = new Set(
  `a an and are at be by can cannot could did do does due evaluating for from get has have in is it not no null none of on
  or object property properties read reading set setting t the to undefined value was with while error exception failed
  attribute function nonetype access`.split(/\s+/),
);
const WEIGHT = { name: 3, word: 1, common: 0.1 };

export function likeness(a: string, b: string): number {
  const [left, right] = [weights(a), weights(b)];
  const [one, other] = [sum(left.values()), sum(right.values())];
  if (one === 0 || other === 0) return 0;
  let shared = 0;
  for (const [word, weight] of left) shared += Math.min(weight, right.get(word) ?? 0);
  return shared / (one + other) + shared / (2 * Math.min(one, other));
}

function sum(numbers: Iterable<number>): number {
  let all = 0;
  for (const number of numbers) all += number;
  return all;
}

/** Of a dotted name the last part is what the error is about. */
function weights(message: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [token] of maskText(message.slice(0, LONGEST)).matchAll(TOKEN)) {
    const parts = token.split('.');
    parts.forEach((part, at) => {
      const dotted = parts.length > 1 && at === parts.length - 1;
      const word = part.toLowerCase();
      found.set(word, Math.max(found.get(word) ?? 0, weightOf(part, word, dotted)));
    });
  }
  return found;
}

function weightOf(part: string, word: string, dotted: boolean): number {
  if (part.startsWith('<') || COMMON.has(word)) return WEIGHT.common;
  return dotted || NAME.test(part) ? WEIGHT.name : WEIGHT.word;
}
