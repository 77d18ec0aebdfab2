/** Projects in TypeScript and JavaScript: vitest, jest, tsc, node --test, eslint. */
import type { Dice } from './dice.ts';
import type { Project } from './project.ts';

const cart: Project = {
  id: 'cart',
  root: '/home/dev/shop-api',
  task: 'npm test is red since the voucher change: two vouchers on one cart give the wrong total. Please fix it.',
  target: 'src/cart/total.ts',
  word: 'applyVouchers',
  files: {
    'src/cart/total.ts': `import type { Cart, Voucher } from './types.ts';

/** In cents; vouchers in the order in which they were entered. */
export function total(cart: Cart): number {
  const sum = cart.lines.reduce((all, line) => all + line.cents * line.quantity, 0);
  return applyVouchers(sum, cart.vouchers);
}

export function applyVouchers(sum: number, vouchers: Voucher[]): number {
  return vouchers.reduce((left, voucher) => left - Math.round(left * voucher.percent / 100), sum);
}
`,
    'src/cart/types.ts':
      'export interface Voucher {\n  code: string;\n  percent: number;\n  exclusive?: boolean;\n}\n\nexport interface Cart {\n  lines: { sku: string; cents: number; quantity: number }[];\n  vouchers: Voucher[];\n}\n',
    'test/cart/total.test.ts': `import { expect, test } from 'vitest';
import { total } from '../../src/cart/total.ts';

const lines = [{ sku: 'A-1', cents: 1999, quantity: 3 }];

test('one voucher', () => {
  expect(total({ lines, vouchers: [{ code: 'TEN', percent: 10 }] })).toBe(5397);
});

test('two vouchers are taken off the full sum', () => {
  expect(total({ lines, vouchers: [{ code: 'TEN', percent: 10 }, { code: 'FIVE', percent: 5 }] })).toBe(5098);
});
`,
    'package.json':
      '{\n  "name": "shop-api",\n  "type": "module",\n  "scripts": { "test": "vitest run", "types": "tsc --noEmit" },\n  "devDependencies": { "typescript": "^5.9.0", "vitest": "^4.0.0" }\n}\n',
  },
  versions: [
    '  return vouchers.reduce((left, voucher) => left - Math.round(left * voucher.percent / 100), sum);',
    '  return vouchers.reduce((left, voucher) => left - Math.floor(left * voucher.percent / 100), sum);',
    '  return vouchers.reduceRight((left, voucher) => Math.round(left * (1 - voucher.percent / 100)), sum);',
    '  const factor = vouchers.reduce((all, voucher) => all * (100 - voucher.percent), 1);\n  return Math.round((sum * factor) / 100 ** vouchers.length);',
    '  let left = sum;\n  for (const voucher of vouchers) left = Math.ceil((left * (100 - voucher.percent)) / 100);\n  return left;',
    '  const ordered = [...vouchers].sort((a, b) => b.percent - a.percent);\n  return ordered.reduce((left, { percent }) => left - Math.round((left * percent) / 100), sum);',
    '  return vouchers.reduce((left, { percent }) => Number((left * (1 - percent / 100)).toFixed(0)), sum);',
  ],
  check: 'npx vitest run test/cart',
  checkVariants: [
    'npx vitest run test/cart --reporter=verbose',
    'npx vitest run test/cart --no-file-parallelism',
    'npx vitest run test/cart --pool=forks',
    'npx vitest run test/cart -t "two vouchers"',
    'npx vitest run test/cart --sequence.seed=42',
    'npx vitest run --no-cache test/cart/total.test.ts',
    'npx vitest run test/cart --retry=2',
  ],
  exit: 1,
  report: (d) => `
 RUN  v4.1.12 /home/dev/shop-api

 ❯ test/cart/total.test.ts (2 tests | 1 failed) ${d.int(8, 19)}ms
     ✓ one voucher ${d.int(2, 5)}ms
     × two vouchers are taken off the full sum ${d.int(4, 11)}ms

⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  test/cart/total.test.ts > two vouchers are taken off the full sum
AssertionError: expected 5127 to be 5098 // Object.is equality

- Expected
+ Received

- 5098
+ 5127

 ❯ test/cart/total.test.ts:11:97
      9|
     10| test('two vouchers are taken off the full sum', () => {
     11|   expect(total({ lines, vouchers: [{ code: 'TEN', percent: 10 }, { cod…
       |                                                                                                 ^
     12| });

⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/1]⎯

 Test Files  1 failed (1)
      Tests  1 failed | 1 passed (2)
   Start at  ${d.clock()}
   Duration  ${d.int(380, 910)}ms (transform ${d.int(30, 90)}ms, setup 0ms, import ${d.int(40, 120)}ms, tests ${d.int(8, 19)}ms, environment 0ms)
`,
};

const invoices: Project = {
  id: 'invoices',
  root: '/home/dev/invoicing',
  task: 'Invoices issued on the last of a month fall due on the wrong day. The jest suite shows it.',
  target: 'lib/due-date.js',
  word: 'dueDate',
  files: {
    'lib/due-date.js': `'use strict';

/** The day an invoice falls due: one month after it was issued, as YYYY-MM-DD. */
function dueDate(issued) {
  const date = new Date(issued);
  date.setMonth(date.getMonth() + 1);
  return date.toISOString().slice(0, 10);
}

module.exports = { dueDate };
`,
    'lib/invoice.js':
      "'use strict';\n\nconst { dueDate } = require('./due-date');\n\nfunction invoice(order, issued) {\n  return { number: order.number, total: order.total, issued, due: dueDate(issued) };\n}\n\nmodule.exports = { invoice };\n",
    '__tests__/due-date.test.js':
      "const { dueDate } = require('../lib/due-date');\n\ndescribe('dueDate', () => {\n  it('is the same day a month later', () => {\n    expect(dueDate('2026-04-12')).toBe('2026-05-12');\n  });\n\n  it('is the last of a shorter month', () => {\n    expect(dueDate('2026-01-31')).toBe('2026-02-28');\n  });\n});\n",
  },
  versions: [
    '  date.setMonth(date.getMonth() + 1);\n',
    '  date.setUTCMonth(date.getUTCMonth() + 1);\n',
    '  date.setMonth(date.getMonth() + 1, date.getDate());\n',
    '  date.setDate(date.getDate() + 31);\n',
    '  date.setTime(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()));\n',
    '  const month = date.getMonth() + 1;\n  date.setFullYear(date.getFullYear(), month, date.getDate());\n',
  ],
  check: 'npx jest __tests__/due-date.test.js',
  checkVariants: [
    'npx jest __tests__/due-date.test.js --no-cache',
    'npx jest __tests__/due-date.test.js --runInBand',
    'TZ=UTC npx jest __tests__/due-date.test.js',
    'npx jest due-date --verbose',
    'npx jest -t "shorter month"',
    'npx jest __tests__/due-date.test.js --maxWorkers=1 --clearMocks',
  ],
  exit: 1,
  report: (d) => `FAIL __tests__/due-date.test.js
  dueDate
    ✓ is the same day a month later (${d.int(1, 6)} ms)
    ✕ is the last of a shorter month (${d.int(2, 9)} ms)

  ● dueDate › is the last of a shorter month

    expect(received).toBe(expected) // Object.is equality

    Expected: "2026-02-28"
    Received: "2026-03-03"

       7 |
       8 |   it('is the last of a shorter month', () => {
    >  9 |     expect(dueDate('2026-01-31')).toBe('2026-02-28');
         |                                   ^
      10 |   });
      11 | });
      12 |

      at Object.toBe (__tests__/due-date.test.js:9:35)

Test Suites: 1 failed, 1 total
Tests:       1 failed, 1 passed, 2 total
Snapshots:   0 total
Time:        ${d.seconds(1.1)} s, estimated ${d.int(1, 2)} s
Ran all test suites matching /__tests__\\/due-date.test.js/i.
`,
};

/** jest tells a file's time in its heading only above five seconds: a suite about that long says it now and then. */
export function slowly(dice: Dice): (text: string) => string {
  const seconds = (4.6 + dice.int(0, 90) / 100).toFixed(3);
  return (text) =>
    text
      .replace(/^FAIL .*/, (heading) => (Number(seconds) > 5 ? `${heading} (${seconds} s)` : heading))
      .replace(/Time: {8}.*/, `Time:        ${seconds} s`);
}

const gateway: Project = {
  id: 'gateway',
  root: '/home/dev/gateway',
  task: 'CI fails in the type check after the update of the client package. Get `npm run types` green.',
  target: 'src/retry.ts',
  word: 'withRetry',
  files: {
    'src/retry.ts': `import type { Client, Reply } from './client.ts';

export async function withRetry(client: Client, path: string, tries = 3): Promise<Reply> {
  const reply: Reply = await client.get(path, { tries });
  return reply;
}
`,
    'src/client.ts':
      'export type Reply = { ok: true; body: unknown } | { ok: false; status: number };\n\nexport interface Client {\n  get(path: string, options?: { signal?: AbortSignal }): Promise<Reply | undefined>;\n}\n',
    'src/routes.ts':
      "import type { Client } from './client.ts';\nimport { withRetry } from './retry.ts';\n\nexport async function prices(client: Client) {\n  const reply = await withRetry(client, '/prices');\n  return reply.ok ? reply.body : { status: reply.status };\n}\n",
    'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "nodenext", "noEmit": true } }\n',
  },
  versions: [
    '  const reply: Reply = await client.get(path, { tries });',
    '  const reply: Reply = await client.get(path, { tries: tries });',
    '  const reply: Reply = (await client.get(path, { tries }));',
    '  const options = { tries };\n  const reply: Reply = await client.get(path, { ...options, tries });',
    '  const reply: Reply = await client.get(path, { tries } satisfies object);',
    '  const reply: Reply = await client.get(String(path), { tries });',
  ],
  check: 'npm run types',
  checkVariants: [
    'npx tsc --noEmit',
    'npx tsc --noEmit -p tsconfig.json',
    'npx tsc --noEmit --pretty false',
    'npx tsc --noEmit --skipLibCheck',
    'npx tsc --noEmit --incremental false',
  ],
  exit: 2,
  report: () => `
> gateway@2.4.1 types
> tsc --noEmit

src/retry.ts(4,9): error TS2322: Type 'Reply | undefined' is not assignable to type 'Reply'.
  Type 'undefined' is not assignable to type 'Reply'.
src/retry.ts(4,49): error TS2353: Object literal may only specify known properties, and 'tries' does not exist in type '{ signal?: AbortSignal | undefined; }'.
`,
};

const orders: Project = {
  id: 'orders',
  root: '/home/dev/orders',
  task: 'POST /orders answers 500 when the body is empty. Reproduce it and fix it.',
  target: 'src/server.js',
  word: 'readBody',
  files: {
    'src/server.js': `import { createServer } from 'node:http';

export function start(port = 0) {
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    response.writeHead(body.lines ? 201 : 422).end();
  });
  return new Promise((resolve) => server.listen(port, () => resolve(server)));
}

async function readBody(request) {
  let text = '';
  for await (const part of request) text += part;
  return JSON.parse(text);
}
`,
    'test/server.test.js':
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { start } from '../src/server.js';\n\nconst address = (port) => 'http://127.0.0.1:' + port + '/orders';\n\ntest('an empty body is answered with 422', async () => {\n  const server = await start();\n  const { port } = server.address();\n  const reply = await fetch(address(port), { method: 'POST' });\n  server.close();\n  assert.equal(reply.status, 422);\n});\n",
    'package.json': '{ "name": "orders", "type": "module", "scripts": { "test": "node --test" } }\n',
  },
  versions: [
    '  return JSON.parse(text);',
    '  return JSON.parse(text.trim());',
    '  const body = JSON.parse(text);\n  return body;',
    "  return JSON.parse(text.replace(/^\\uFEFF/, ''));",
    "  return JSON.parse(Buffer.from(text).toString('utf8'));",
    '  return Object.assign({}, JSON.parse(text));',
  ],
  check: 'npm test',
  checkVariants: [
    'node --test',
    'node --test test/server.test.js',
    'node --test --test-reporter=tap test/',
    'node --test --test-concurrency=1',
    'node --test --test-name-pattern="empty body"',
    'NODE_ENV=test node --test test/',
  ],
  exit: 1,
  report: (d) => {
    const port = d.port();
    return `
> orders@1.0.0 test
> node --test

node:internal/process/promises:394
      triggerUncaughtException(err, true /* fromPromise */);
      ^

SyntaxError: Unexpected end of JSON input
    at JSON.parse (<anonymous>)
    at readBody (file:///home/dev/orders/src/server.js:14:15)
    at async Server.<anonymous> (file:///home/dev/orders/src/server.js:5:18)

Node.js v22.14.0
[${d.moment()}] pid ${d.int(2000, 64000)} was listening on 127.0.0.1:${port}
✖ an empty body is answered with 422 (${d.ms(31)}ms)
  TypeError: fetch failed
      at node:internal/deps/undici/undici:13510:13
      at async TestContext.<anonymous> (file:///home/dev/orders/test/server.test.js:10:17) {
    [cause]: Error: read ECONNRESET 127.0.0.1:${port}
        at TCP.onStreamRead (node:internal/stream_base_commons:216:20)
  }
ℹ tests 1
ℹ suites 0
ℹ pass 0
ℹ fail 1
ℹ cancelled 0
ℹ skipped 0
ℹ todo 0
ℹ duration_ms ${d.ms(182)}

✖ failing tests:

test at test/server.test.js:7:1
✖ an empty body is answered with 422 (${d.ms(31)}ms)
  TypeError: fetch failed
`;
  },
};

export const nodeProjects = { cart, invoices, gateway, orders };
