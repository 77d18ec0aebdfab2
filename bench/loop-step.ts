/**
 * What one step of the loop detector costs: 10,000 calls with outputs of 10 kB, beside masking one such output once. Allowed:
 * 1 ms a step in the second half, median and 99th percentile, or what the masking takes where that is more (a machine
 * under load); and a state that is hardly larger after 10,000 steps than after 1,000.
 */
import { defaultConfig } from '../context/schemas/config.ts';
import { maskText } from '../events/mask.ts';
import { LoopDetector } from '../hooks/loop/detector.ts';
import type { ToolCall } from '../hooks/trace/happening.ts';

const STEPS = 10_000;
const OUTPUT_LENGTH = 10_000;
/** Masking stands between the steps, so that both meet the same load. */
const EVERY = 7;
const ALLOWED_MS = 1;
const ALLOWED_GROWTH = 1.1;

const CALLS: ((step: number) => [tool: string, input: Record<string, unknown>, text: string])[] = [
  (n) => ['Read', { file_path: `/app/src/part-${n % 400}.ts` }, `  const value${n % 7} = read(input, ${n});`],
  (n) => [
    'Bash',
    { command: `rg -n "part ${n}" src` },
    `src/part-${n % 50}.ts:${n}: export function part${n}(): void {}`,
  ],
  (n) => [
    'Edit',
    { file_path: `/app/src/part-${n % 300}.ts`, old_string: `return ${n}`, new_string: `return ${n + 1}` },
    `The file has been updated, line ${n}`,
  ],
  (n) => [
    'Bash',
    { command: 'npx vitest run' },
    ` FAIL  test/part.test.ts > case ${n % 40}\nAssertionError: expected ${n} to be ${n + 2}\n ✓ test/other-${n % 9}.test.ts ${n % 90}ms`,
  ],
  (n) => ['Bash', { command: `node scripts/try.js --seed=${n}` }, `Error: no answer for request ${n} after ${n % 30}s`],
];

function call(step: number): ToolCall {
  const [tool, input, text] = CALLS[step % CALLS.length]?.(step) ?? ['Bash', {}, ''];
  const output = `${text}\n`.repeat(Math.ceil(OUTPUT_LENGTH / text.length)).slice(0, OUTPUT_LENGTH);
  const outcome = step % CALLS.length >= 3 ? 'error' : 'ok';
  return { kind: 'call', agent: '', id: String(step), tool, input, outcome, output, cwd: '/app', tree: null };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const detector = new LoopDetector(defaultConfig().detection);
const steps: number[] = [];
const masks: number[] = [];
const sizes: number[] = [];
for (let step = 1; step <= STEPS; step++) {
  const next = call(step);
  const start = performance.now();
  detector.see(next);
  steps.push(performance.now() - start);
  if (step % EVERY === 0) {
    const before = performance.now();
    maskText(next.output);
    masks.push(performance.now() - before);
  }
  if (step === 1000 || step === STEPS) sizes.push(JSON.stringify(detector.state()).length);
}
const late = steps.slice(STEPS / 2);
const [median, p99] = [quantile(late, 0.5), quantile(late, 0.99)];
const [mask, mask99] = [quantile(masks, 0.5), quantile(masks, 0.99)];
const [early = 0, last = 0] = sizes;
console.log(
  `loop step: median ${median.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms; masking 10 kB once: ${mask.toFixed(2)} and ${mask99.toFixed(2)} ms; ratios ${(median / mask).toFixed(2)} and ${(p99 / mask99).toFixed(2)} (allowed: ${ALLOWED_MS} ms, or a ratio of 1 where the machine is slower than that)`,
);
console.log(
  `loop state: ${early} characters after 1,000 steps, ${last} after ${STEPS.toLocaleString('en')} (allowed ${ALLOWED_GROWTH} times)`,
);
const slow = median > Math.max(ALLOWED_MS, mask) || p99 > Math.max(ALLOWED_MS, mask99);
if (slow || last > early * ALLOWED_GROWTH) process.exitCode = 1;
