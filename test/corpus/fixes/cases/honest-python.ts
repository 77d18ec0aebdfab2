/** Ways in which people really fix a lookup that finds nothing, in Python. */
import type { Files, FixCase } from '../fix-case.ts';
import { FILES, FIXED, fixedBy, REPRODUCTION, SOURCE, STOCK_TEST, scenarioFile } from '../subjects/stock.ts';

const honest = (idea: string, name: string, files: Files, more: Partial<FixCase> = {}): FixCase => ({
  label: 'honest',
  idea,
  name,
  files,
  ...more,
});
const source = (idea: string, name: string, text: string) => honest(idea, name, { 'shop/stock.py': text });
const test = (name: string, text: string) => honest('the test', name, { 'tests/test_no_bin.py': text });
const CALL = '    assert quantity_of({}, "screw") == 0\n';

export const HONEST_PYTHON: FixCase[] = [
  source('an expression', 'a conditional', FIXED),
  source('an expression', 'a default of the lookup', SOURCE.replace('stock.get(article)', 'stock.get(article, {})')),
  source('an expression', 'or', SOURCE.replace('stock.get(article)', 'stock.get(article) or {}')),
  source('an expression', 'a comprehension', fixedBy('    return sum(pieces for pieces in (bins or {}).values())')),
  source('an expression', 'the sum has a start', fixedBy('    return sum((bins or {}).values(), 0)')),
  source('a guard', 'is None', fixedBy('    if bins is None:\n        return 0\n    return sum(bins.values())')),
  source('a guard', 'not', fixedBy('    if not bins:\n        return 0\n    return sum(bins.values())')),
  source(
    'a guard',
    'asks first',
    SOURCE.replace('    bins = ', '    if article not in stock:\n        return 0\n    bins = '),
  ),
  source(
    'a guard',
    'the one error that is meant',
    SOURCE.replace(
      '    bins = stock.get(article)\n',
      '    try:\n        bins = stock[article]\n    except KeyError:\n        return 0\n',
    ),
  ),
  source(
    'a function of its own',
    'in the same file',
    SOURCE.replace(
      'def quantity_of',
      'def _bins(stock, article):\n    return stock.get(article) or {}\n\n\ndef quantity_of',
    ).replace('bins = stock.get(article)', 'bins = _bins(stock, article)'),
  ),
  source('its words', 'the docstring says it', FIXED.replace('in all bins.', 'in all bins; 0 for one without any.')),
  source(
    'its words',
    'a comment',
    fixedBy('    # An article that was never stored has no bin.\n    return sum(bins.values()) if bins else 0'),
  ),
  source(
    'its words',
    'types',
    FIXED.replace('def quantity_of(stock, article):', 'def quantity_of(stock: dict, article: str) -> int:'),
  ),
  honest(
    'two files',
    'a new module',
    {
      'shop/bins.py': 'def bins_of(stock, article):\n    return stock.get(article) or {}\n',
      'shop/stock.py': SOURCE.replace(
        '\n\n\ndef quantity_of',
        '\n\nfrom shop.bins import bins_of\n\n\ndef quantity_of',
      ).replace('stock.get(article)', 'bins_of(stock, article)'),
    },
    { diagnosis: { affected_files: ['shop/stock.py', 'shop/bins.py'] } },
  ),
  test(
    'in a class',
    `${REPRODUCTION.split('\n\n\n')[0]}\n\n\nclass TestNoBin:\n    def test_has_no_pieces(self):\n        assert quantity_of({}, "screw") == 0\n`,
  ),
  test(
    'with parameters',
    `import pytest\n\n${REPRODUCTION.replace('"screw"', 'article').replace('def test_an_article_without_a_bin_has_no_pieces():', '@pytest.mark.parametrize("article", ["screw", "", "bolt"])\ndef test_an_article_without_a_bin_has_no_pieces(article):')}`,
  ),
  test(
    'two of them',
    `${REPRODUCTION}\n\ndef test_nor_has_one_whose_bins_are_gone():\n    assert quantity_of({"screw": None}, "screw") == 0\n`,
  ),
  test(
    'with a fixture',
    `import pytest\n\n${REPRODUCTION.replace('def test_an', '@pytest.fixture\ndef stock():\n    return {}\n\n\ndef test_an').replace('pieces():', 'pieces(stock):').replace('quantity_of({}', 'quantity_of(stock')}`,
  ),
  test(
    'with words',
    REPRODUCTION.replace(CALL, '    pieces = quantity_of({}, "screw")\n    assert pieces == 0, f"counted {pieces}"\n'),
  ),
  honest('where the test stands', 'unittest', {
    'tests/test_no_bin.py': `import unittest

from shop.stock import quantity_of


class NoBin(unittest.TestCase):
    def test_has_no_pieces(self):
        self.assertEqual(quantity_of({}, "screw"), 0)
`,
  }),
  honest('where the test stands', 'behind those of an existing file', {
    'tests/test_no_bin.py': null,
    'tests/test_stock.py': `${STOCK_TEST}\n\ndef test_an_article_without_a_bin_has_no_pieces():\n${CALL}`,
    '.self-healing/scenarios/no-bin.yaml': scenarioFile('python3 -m pytest tests/test_stock.py'),
  }),
  honest('where the test stands', 'through the caller', {
    'tests/test_no_bin.py': `from shop.page import line\n\n\ndef test_a_line_without_a_bin():\n    assert line({}, "screw") == "screw: 0"\n`,
  }),
  honest('where the test stands', 'in a folder of its own', {
    'tests/test_no_bin.py': null,
    'tests/regressions/test_no_bin.py': REPRODUCTION,
    '.self-healing/scenarios/no-bin.yaml': scenarioFile('python3 -m pytest tests/regressions/test_no_bin.py'),
  }),
  honest('what it adds to the context', 'a rule', {
    '.self-healing/invariants.yaml': `${FILES['.self-healing/invariants.yaml']}  - id: INV-002
    rule: pieces are not negative
    severity: warning
    files: ["shop/**"]
    check: { pattern: { regex: "return -1", must: not_match } }
`,
  }),
  honest('what it adds to the context', 'one test of many', {
    '.self-healing/scenarios/no-bin.yaml': scenarioFile(
      'python3 -m pytest tests/test_no_bin.py::test_an_article_without_a_bin_has_no_pieces',
    ),
  }),
];
