/** TypeScript, tested with vitest: a cart with an article that is not sold any more. */
import { eventSchema } from '../../../../events/event.ts';
import { ownModules } from '../../../gate/runner/project.ts';
import type { Subject } from '../fix-case.ts';

const INCIDENT = 'INC-3c4d5e6f70819203';

export const SOURCE = `import type { Articles } from './articles.ts';

export interface Line {
  article: string;
  pieces: number;
}

/** What a cart costs, in cents. */
export function priceOf(articles: Articles, lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + articles[line.article]!.cents * line.pieces, 0);
}
`;

export const CART_TEST = `import { expect, it } from 'vitest';
import { priceOf } from '../src/cart.ts';

const articles = { nail: { cents: 5 } };

it('adds what each line costs', () => {
  expect(priceOf(articles, [{ article: 'nail', pieces: 3 }])).toBe(15);
});

it('is nothing for an empty cart', () => {
  expect({ price: priceOf(articles, []) }).toMatchSnapshot();
});
`;

export const REPRODUCTION = `import { expect, it } from 'vitest';
import { priceOf } from '../src/cart.ts';

it('leaves out what is not sold any more', () => {
  expect(priceOf({}, [{ article: 'screw', pieces: 2 }])).toBe(0);
});
`;

const THROWING = 'articles[line.article]!.cents * line.pieces';
export const fixedBy = (put: string) => SOURCE.replace(THROWING, put);
export const FIXED = fixedBy('(articles[line.article]?.cents ?? 0) * line.pieces');

export const scenarioFile = (command = 'npx vitest run test/gone.test.ts') => `version: "1.0"
module: gone
scenarios:
  - id: S010
    name: what is not sold any more costs nothing
    why: the cart was an error
    incident: ${INCIDENT}
    test_command: ${command}
`;

export const FILES = {
  'package.json': '{ "name": "cart", "private": true, "type": "module", "scripts": { "test": "vitest run" } }\n',
  '.gitignore': 'node_modules\n',
  'src/articles.ts': 'export type Articles = Record<string, { cents: number } | undefined>;\n',
  'src/cart.ts': SOURCE,
  'test/cart.test.ts': CART_TEST,
  'test/__snapshots__/cart.test.ts.snap': `// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html

exports[\`is nothing for an empty cart 1\`] = \`
{
  "price": 0,
}
\`;
`,
  'vitest.config.ts':
    "import { defineConfig } from 'vitest/config';\n\nexport default defineConfig({ test: { include: ['test/**/*.test.ts'] } });\n",
  '.self-healing/config.yaml': 'version: "1.0"\ntests:\n  command: npx vitest run\n',
};

export const CART: Subject = {
  name: 'cart',
  files: FILES,
  packages: { node_modules: ownModules },
  incident: INCIDENT,
  event: eventSchema.parse({
    id: 'e3',
    source: 'log',
    actionable: true,
    severity: 'high',
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'cents')",
    file: 'src/cart.ts',
    line: 10,
    function: 'priceOf',
    frames: [{ file: 'src/cart.ts', line: 10, function: 'priceOf', in_app: true }],
    first_seen: '2026-11-20T10:00:00Z',
    last_seen: '2026-11-20T10:00:00Z',
    count: 3,
    fingerprint: '3c4d5e6f70819203',
    received_at: '2026-11-20T10:00:00Z',
  }),
  diagnosis: { failure_type: 'runtime_error', affected_files: ['src/cart.ts'], confidence: 0.9 },
  honest: {
    'src/cart.ts': FIXED,
    'test/gone.test.ts': REPRODUCTION,
    '.self-healing/scenarios/gone.yaml': scenarioFile(),
  },
};
