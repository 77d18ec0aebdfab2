/** A second bug of `node-orders`, beside the one that its log tells of: an order with an empty line. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Part } from '../../../cli/demo/play.ts';

const ORDER =
  "{ method: 'POST', path: '/orders', headers: { authorization: 'Bearer acme-anna' }, body: { lines: [null] } }";

const CRASH = `
import('./src/app.js').then(async ({ createApp }) => {
  const { seededServices } = await import('./src/seed.js');
  createApp(seededServices())(${ORDER});
});
`;

/** What the service prints when it happens. */
export async function emptyLineError(root: string): Promise<string> {
  const { stderr } = await promisify(execFile)(process.execPath, ['-e', CRASH], { cwd: root }).catch((error) => error);
  const stack = /^TypeError: .*\n(?: {4}at .*\n)+/m.exec(stderr)?.[0];
  if (stack === undefined) throw new Error(`The service did not crash: ${stderr}`);
  return stack;
}

const TEST = `import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createApp } from '../src/app.js';
import { seededServices } from '../src/seed.js';

it('answers 422 to an order with an empty line', () => {
  const { status } = createApp(seededServices())(${ORDER});
  assert.equal(status, 422);
});
`;

const SUM = '  const net = lines.reduce(';
const GUARD = "  if (lines.some((line) => line === null)) throw new HttpError(422, 'a line must name an article');\n";

export const EMPTY_LINE_PART: Part = {
  look: ['cat src/pricing.js src/orders.js', 'git log --oneline -3 -- src/pricing.js'],
  diagnosis: {
    root_cause: 'totalOf (src/pricing.js:16) reads sku of every line, and a client may send a line that is null.',
    failure_type: 'runtime_error',
    affected_files: ['src/pricing.js'],
    confidence: 0.9,
    reasoning: 'place checks that lines is an array, not what is in it; priceOf and quantityOf are never reached.',
  },
  tests: [{ file: 'test/empty-line.test.js', text: TEST }],
  scenario: {
    id: 'S005',
    module: 'pricing',
    name: 'an order with an empty line is answered with 422',
    kind: 'test',
    why: 'a client sees what is wrong with its order',
    constraint: 'nothing is ordered',
    test_command: 'node --test test/empty-line.test.js',
  },
  edits: [{ file: 'src/pricing.js', find: SUM, put: GUARD + SUM }],
  lesson: {},
  title: 'Answer 422 to an empty line',
  summary: 'totalOf refuses a line that is null, where every order gets its price.',
};
