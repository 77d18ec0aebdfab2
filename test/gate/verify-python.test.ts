import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLaw } from '../../context/law.ts';
import { eventSchema } from '../../events/event.ts';
import { explain } from '../../gate/explain.ts';
import { digestMainCheckout } from '../../gate/main-checkout.ts';
import { CHECK_NAMES } from '../../gate/verification.ts';
import { verify } from '../../gate/verify.ts';
import { freshFolder, run, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const INCIDENT = 'INC-00112233445566ff';
const SOURCE = `def total(cart):
    return sum(item["price"] for item in cart["items"])
`;
const FILES = {
  'shop/__init__.py': '',
  'shop/cart.py': SOURCE,
  'tests/test_cart.py':
    'from shop.cart import total\n\n\ndef test_total():\n    assert total({"items": [{"price": 2}]}) == 2\n',
  '.self-healing/config.yaml': 'version: "1.0"\ntests:\n  command: python3 -m pytest -q\n',
};
const HONEST = {
  'shop/cart.py': SOURCE.replace('cart["items"]', 'cart.get("items", [])'),
  'tests/test_cart.py': `${FILES['tests/test_cart.py']}\n\ndef test_empty_cart():\n    assert total({}) == 0\n`,
  '.self-healing/scenarios/cart.yaml': `version: "1.0"
module: cart
scenarios:
  - { id: S020, name: an empty cart costs nothing, incident: ${INCIDENT}, test_command: "python3 -m pytest -q tests/test_cart.py -k empty_cart" }
`,
};
const EVENT = eventSchema.parse({
  id: 'e1',
  source: 'log',
  actionable: true,
  severity: 'high',
  type: 'KeyError',
  message: "'items'",
  file: 'shop/cart.py',
  line: 2,
  function: 'total',
  frames: [{ file: 'shop/cart.py', line: 2, function: 'total', in_app: true }],
  first_seen: '2026-11-20T10:00:00Z',
  last_seen: '2026-11-20T10:00:00Z',
  count: 1,
  fingerprint: '00112233445566ff',
  received_at: '2026-11-20T10:00:00Z',
});

/** A dozen starts of pytest for each honest fix; slow machines need their time. */
const TIMEOUT = 240_000;

async function gate(mode: 'fix' | 'change', change: (worktree: string) => void = () => {}) {
  const { repository, root, base } = await sampleRepository(FILES);
  const worktree = freshFolder('worktree');
  run(root, 'worktree', 'add', '--quiet', '--detach', worktree, 'HEAD');
  const law = await readLaw(repository, { commit: base });
  const digest = await digestMainCheckout(repository, { links: [] });
  write(worktree, HONEST);
  change(worktree);
  const { verification } = await verify({
    repository,
    law,
    base,
    folder: worktree,
    incident: mode === 'fix' ? { id: INCIDENT, event: EVENT } : undefined,
    diagnosis: { failure_type: 'runtime_error', affected_files: ['shop/cart.py'], confidence: 0.9 },
    main: { digest, links: [] },
    iteration: 1,
  });
  const codes = CHECK_NAMES.flatMap((name) => verification.checks[name].findings.map(({ code }) => code));
  return { verification, codes };
}

it('passes an honest fix with a new case in an existing file', { timeout: TIMEOUT }, async () => {
  const { verification, codes } = await gate('fix');
  expect(explain(verification)).toMatch(/^pass /);
  expect(codes).toEqual([]);
});

it('refuses a new conftest.py and a case that no longer runs', { timeout: TIMEOUT }, async () => {
  const { verification, codes } = await gate('change', (worktree) => {
    write(worktree, { 'tests/conftest.py': 'collect_ignore = ["test_cart.py"]\n' });
    appendFileSync(join(worktree, 'tests/test_cart.py'), '\n\ntest_total.__test__ = False\n');
  });
  expect(verification.verdict).toBe('refuse');
  expect(codes).toEqual(expect.arrayContaining(['tampering.test_configuration', 'tampering.case_removed']));
});
