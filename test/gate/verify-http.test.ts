/** A reproduction that starts the service of the tree and sends it the request of the incident, through the whole gate. */
import { expect, it } from 'vitest';
import { readLaw } from '../../context/law.ts';
import { type ErrorEvent, eventSchema } from '../../events/event.ts';
import { CHECK_NAMES } from '../../gate/verification.ts';
import { verify } from '../../gate/verify.ts';
import { freshFolder, run, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const INCIDENT = 'INC-4d5e6f7081920314';
const ORDERS = `exports.totalOf = function totalOf(orders, id) {
  return orders[id].lines.length;
};
`;
const FIXED = ORDERS.replace('orders[id].lines.length', 'orders[id] ? orders[id].lines.length : null');
/** What goes wrong is printed and answered with 500, as frameworks do it. */
const SERVER = `const { createServer } = require('node:http');
const { totalOf } = require('./orders.js');
const orders = { a: { lines: [1, 2] } };
createServer((request, response) => {
  const url = new URL(request.url, 'http://x');
  if (url.pathname === '/health') return response.end('ok');
  try {
    const total = totalOf(orders, url.searchParams.get('id'));
    response.statusCode = total === null ? 404 : 200;
    response.end(JSON.stringify({ total }));
  } catch (error) {
    console.error(error);
    response.statusCode = 500;
    response.end('{}');
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
`;
const HTTP = (path: string) =>
  `http: { start: node src/server.js, ready: "http://127.0.0.1:\${PORT}/health", method: GET, path: ${path} }`;
const FILES = {
  'package.json': '{ "name": "orders" }\n',
  'src/orders.js': ORDERS,
  'src/server.js': SERVER,
  'test/orders.test.js': `require('node:test').test('counts lines', () => {
  require('node:assert').equal(require('../src/orders.js').totalOf({ a: { lines: [1] } }, 'a'), 1);
});
`,
  '.self-healing/config.yaml': 'version: "1.0"\ntests:\n  command: node --test\n',
  '.self-healing/scenarios/orders.yaml': `version: "1.0"
module: orders
scenarios:
  - { id: S001, name: an order has its total, ${HTTP('"/total?id=a"')}, expected: { status: 200, body: { total: 2 } } }
`,
};
const reproduction = (path: string, expected: string) => ({
  '.self-healing/scenarios/unknown.yaml': `version: "1.0"
module: unknown
scenarios:
  - { id: S010, name: an order that is not there is not found, incident: ${INCIDENT}, ${HTTP(path)}, expected: ${expected} }
`,
});
const HONEST = { 'src/orders.js': FIXED, ...reproduction('"/total?id=gone"', '{ status: 404 }') };

const THROWN: Partial<ErrorEvent> = {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading 'lines')",
  file: 'src/orders.js',
  line: 2,
  function: 'totalOf',
  frames: [{ file: 'src/orders.js', line: 2, function: 'totalOf', in_app: true }],
};
const REQUEST: Partial<ErrorEvent> = { type: '', message: 'GET /total 500', endpoint: 'GET /total', frames: [] };

async function judged(event: Partial<ErrorEvent>, fix: Record<string, string>, files: Record<string, string> = {}) {
  const sample = await sampleRepository({ ...FILES, ...files });
  const worktree = freshFolder('worktree');
  run(sample.root, 'worktree', 'add', '--quiet', '--detach', worktree, 'HEAD');
  write(worktree, fix);
  const outcome = await verify({
    repository: sample.repository,
    law: await readLaw(sample.repository, { commit: sample.base }),
    base: sample.base,
    folder: worktree,
    incident: {
      id: INCIDENT,
      event: eventSchema.parse({
        id: 'e4',
        source: 'log',
        actionable: true,
        severity: 'high',
        first_seen: '2026-11-20T10:00:00Z',
        last_seen: '2026-11-20T10:00:00Z',
        count: 2,
        fingerprint: '4d5e6f7081920314',
        received_at: '2026-11-20T10:00:00Z',
        ...event,
      }),
    },
    diagnosis: { failure_type: 'runtime_error', affected_files: ['src/orders.js'], confidence: 0.9 },
    iteration: 1,
  });
  const { verification, weak } = outcome;
  const findings = CHECK_NAMES.flatMap((name) => verification.checks[name].findings);
  return {
    verdict: verification.verdict,
    weak,
    codes: findings.map(({ code }) => code),
    told: findings.map(({ message }) => message).join('\n'),
    runs: verification.checks.reproduction.evidence.map(({ at, exit }) => `${at} ${exit}`),
  };
}

const RUNS = ['base_tests 1', 'base_tests 1', 'base_tests 1', 'fix 0', 'fix 0', 'fix 0'];
const WEAK = ['reproduction.weak'];

it.each([
  ['prints and answers with 500', SERVER],
  ['ends by', SERVER.replace('console.error(error);', 'throw error;')],
])(
  'an error that the service %s is the red, its answer the green; a person is asked',
  async (_, server) => {
    const result = await judged(THROWN, HONEST, { 'src/server.js': server });
    expect(result).toMatchObject({ verdict: 'pass', weak: true, codes: WEAK });
    expect(result.told).toContain("the output shows the incident's error thrown at src/orders.js:2 (totalOf)");
    expect(result.runs.slice(0, 6)).toEqual(RUNS);
    // Taken back it is red again, and with the diagnosed file broken the service does not come up.
    expect(result.runs.slice(6)).toEqual(['revert 1', 'revert 1', 'revert 1', 'fix 1']);
  },
  120_000,
);

it('a request that failed is shown by that request', async () => {
  expect(await judged(REQUEST, HONEST)).toMatchObject({ verdict: 'pass', weak: true, codes: WEAK });
}, 120_000);

it('red for another reason is neither another error, nor another request or status', async () => {
  const other = { ...THROWN, message: 'orders.find is not a function', frames: [] };
  const elsewhere = { ...REQUEST, message: 'GET /checkout 500', endpoint: 'GET /checkout' };
  const status = { ...REQUEST, message: 'GET /total 502' };
  for (const event of [other, elsewhere, status])
    expect(await judged(event, HONEST), event.message).toMatchObject({
      verdict: 'fail',
      codes: ['reproduction.red_for_other_reason'],
    });
}, 180_000);

it('what is not repaired stays red, and an agent starts no service of its own', async () => {
  const hidden = { ...HONEST, 'src/orders.js': ORDERS.replace('orders[id].lines', 'orders[id]?.lines') };
  expect((await judged(THROWN, hidden)).codes).toContain('reproduction.still_red');
  const own = reproduction('/total', '{ status: 404 }');
  const [path = '', text = ''] = Object.entries(own)[0] ?? [];
  const started = { 'src/orders.js': FIXED, [path]: text.replace('node src/server.js', 'node src/other.js') };
  expect((await judged(THROWN, started)).codes).toContain('reproduction.command_not_allowed');
}, 180_000);
