/**
 * What a run has cost while it is under way, reckoned from the usage that its stream tells. The client says its own total
 * at its end only, and one that is ended from outside never does; what it spent counts all the same.
 */
import type { CostBasis } from '../../store/runs.ts';
import type { StreamEvent, Usage } from './stream.ts';

/**
 * US dollars for a million input tokens, as Claude Code 2.1.197 reckons them. A model that is not known here is taken for a
 * dear one: a brake that errs stops early.
 */
const INPUT_USD: readonly [model: RegExp, usd: number][] = [
  [/haiku-3|3-5-haiku|3-haiku/, 0.8],
  [/haiku/, 1],
  [/sonnet/, 3],
  [/opus-4-[5-9]/, 5],
];
const DEAR_USD = 15;
/** In prices of an input token, the same for every model. */
const OUTPUT = 5;
const CACHE_WRITE = 1.25;
const CACHE_READ = 0.1;
/** The stream tells a block's output tokens before they are made, so its text is measured. */
const CHARACTERS_PER_TOKEN = 4;

export interface Reckoning {
  see(usage: Usage): void;
  usd(): number;
  inputTokens(): number;
  outputTokens(): number;
  /** Answers of the API. */
  answers(): number;
}

export function reckon(): Reckoning {
  const seen = new Map<string, { usage: Usage; characters: number }>();
  const outputOf = ({ usage, characters }: { usage: Usage; characters: number }) =>
    Math.max(usage.output, Math.ceil(characters / CHARACTERS_PER_TOKEN));
  const sum = (of: (answer: { usage: Usage; characters: number }) => number) =>
    [...seen.values()].reduce((total, answer) => total + of(answer), 0);
  return {
    see(usage) {
      seen.set(usage.message, { usage, characters: (seen.get(usage.message)?.characters ?? 0) + usage.characters });
    },
    usd: () =>
      sum((answer) => {
        const { model, input, cacheWrite, cacheRead } = answer.usage;
        const weighed = input + cacheWrite * CACHE_WRITE + cacheRead * CACHE_READ + outputOf(answer) * OUTPUT;
        return (weighed * inputUsd(model)) / 1e6;
      }),
    inputTokens: () => sum(({ usage }) => usage.input + usage.cacheWrite + usage.cacheRead),
    outputTokens: () => sum(outputOf),
    answers: () => seen.size,
  };
}

function inputUsd(model: string): number {
  return INPUT_USD.find(([name]) => name.test(model))?.[1] ?? DEAR_USD;
}

/** Each of them is billed by tokens, whatever else the client says of a key. */
const BILLED_BY = [
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
  'ANTHROPIC_AUTH_TOKEN',
];

/** A client without a key works with a login, which a subscription pays for. `total`: the client said one. */
export function costBasisOf(
  events: readonly StreamEvent[],
  total: boolean,
  env: Record<string, string | undefined>,
): CostBasis {
  const init = events.find((event) => event.kind === 'init');
  const login = init?.apiKeySource === 'none' || init?.apiKeySource === 'oauth';
  if (login && !BILLED_BY.some((name) => env[name])) return 'subscription';
  return total ? 'billed' : 'estimated';
}
