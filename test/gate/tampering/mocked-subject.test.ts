import { expect, it } from 'vitest';
import { findMockedSubject } from '../../../gate/tampering/mocked-subject.ts';

const SUBJECTS = [
  { path: 'src/cart.ts', newText: 'export const total = () => 0;\n' },
  { path: 'src/orders/index.ts', newText: 'export const place = () => 0;\n' },
  {
    path: 'src/shop/tax.py',
    newText: 'import requests\nRATE = 19\n\ndef vat(amount):\n    return RATE\n\nclass Table:\n    pass\n',
  },
];

function messages(path: string, newText: string, added = newText.split('\n').map((_, index) => index + 1)) {
  const change = { path, existing: false, oldText: '', newText, added: new Set(added) };
  return findMockedSubject(change, SUBJECTS).map(({ message }) => message);
}

it.each([
  "vi.mock('../src/cart');",
  "jest.mock('../src/cart.js', () => ({ total: () => 0 }));",
  "vi.mock(import('../src/cart.ts'), () => ({}));",
  "mock.module('../src/orders', {});",
  "jest.doMock('@/orders', () => ({}));",
  "import * as cart from '../src/cart';\nvi.spyOn(cart, 'total').mockReturnValue(0);",
  "const cart = require('../src/cart');\nsinon.stub(cart, 'total').returns(0);",
  "import { cart as c } from '../src/cart';\njest.spyOn(c, 'total').mockImplementation(() => 0);",
])('finds in JavaScript that %j replaces what is repaired', (text) => {
  expect(messages('test/a.test.ts', text)).toHaveLength(1);
});

it.each([
  "vi.mock('../src/mailer');",
  "vi.mock('cart');",
  "vi.mock('@shop/cart');",
  "vi.mock('../src/cart', { spy: true });",
  "vi.mock('../src/cart', async (importOriginal) => ({ ...(await importOriginal()), now: () => 0 }));",
  "import * as cart from '../src/cart';\nvi.spyOn(cart, 'total');",
  "import * as mailer from '../src/mailer';\nvi.spyOn(mailer, 'send').mockReturnValue(0);",
])('leaves %j alone', (text) => {
  expect(messages('test/a.test.ts', text)).toEqual([]);
});

it.each([
  '@patch("shop.tax.vat")',
  'mocker.patch("shop.tax.RATE", 0)',
  'monkeypatch.setattr("shop.tax.vat", lambda a: 0)',
  'from shop import tax\nmonkeypatch.setattr(tax, "vat", lambda a: 0)',
  'import shop.tax as t\nwith patch.object(t, "vat"): pass',
  'from shop.tax import Table\npatch.object(Table, "rows")',
])('finds in Python that %j replaces what is repaired', (text) => {
  expect(messages('tests/test_a.py', text)).toHaveLength(1);
});

it.each([
  '@patch("shop.tax.requests.get")',
  '@patch("shop.mail.send")',
  'monkeypatch.setenv("RATE", "1")',
  'from shop import tax\nmonkeypatch.setattr(tax.requests, "get", fake)',
])('leaves %j alone', (text) => {
  expect(messages('tests/test_a.py', text)).toEqual([]);
});

it('judges what is added alone, and names line and module', () => {
  const text = "vi.mock('../src/cart');\n\nit('x', () => {});\n";
  expect(messages('test/a.test.ts', text, [3])).toEqual([]);
  expect(messages('test/a.test.ts', text)).toEqual([
    'Line 1 of test/a.test.ts replaces code of src/cart.ts, which this fix changes: what is tested then is the replacement.',
  ]);
});
