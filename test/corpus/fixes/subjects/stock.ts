/** Python: a bin without a row in the stock is counted all the same. */
import { eventSchema } from '../../../../events/event.ts';
import type { Subject } from '../fix-case.ts';

const INCIDENT = 'INC-2b3c4d5e6f708192';

export const SOURCE = `"""How much of an article lies in which bin."""


def quantity_of(stock, article):
    """Pieces of an article in all bins."""
    bins = stock.get(article)
    return sum(bins.values())


def is_low(stock, article, least=2):
    return quantity_of(stock, article) < least
`;

export const STOCK_TEST = `from shop.stock import is_low, quantity_of


def test_all_bins_are_counted():
    assert quantity_of({"nail": {"a": 2, "b": 3}}, "nail") == 5


def test_few_pieces_are_low():
    assert is_low({"nail": {"a": 1}}, "nail")
    assert not is_low({"nail": {"a": 9}}, "nail")
`;

export const REPRODUCTION = `from shop.stock import quantity_of


def test_an_article_without_a_bin_has_no_pieces():
    assert quantity_of({}, "screw") == 0
`;

export const fixedBy = (put: string) => SOURCE.replace('    return sum(bins.values())', put);
export const FIXED = fixedBy('    return sum(bins.values()) if bins else 0');

export const scenarioFile = (command = 'python3 -m pytest tests/test_no_bin.py') => `version: "1.0"
module: no-bin
scenarios:
  - id: S010
    name: an article without a bin has no pieces
    why: the page of the article was an error
    incident: ${INCIDENT}
    test_command: ${command}
`;

export const FILES = {
  'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = ["tests"]\npythonpath = ["."]\n',
  '.gitignore': '__pycache__/\n.pytest_cache/\n',
  'shop/__init__.py': '',
  'shop/stock.py': SOURCE,
  'shop/page.py': `from shop.stock import quantity_of


def line(stock, article):
    return f"{article}: {quantity_of(stock, article)}"
`,
  'tests/test_stock.py': STOCK_TEST,
  'tests/test_page.py': `from shop.page import line


def test_a_line_names_article_and_pieces():
    assert line({"nail": {"a": 2}}, "nail") == "nail: 2"
`,
  '.self-healing/config.yaml': 'version: "1.0"\ntests:\n  command: python3 -m pytest\n',
  '.self-healing/scenarios/stock.yaml': `version: "1.0"
module: stock
files: ["shop/stock.py"]
scenarios:
  - id: S001
    name: all bins are counted
    test_command: python3 -m pytest tests/test_stock.py
`,
  '.self-healing/invariants.yaml': `version: "1.0"
invariants:
  - id: INV-001
    rule: nothing is evaluated
    severity: critical
    files: ["shop/**"]
    check: { pattern: { regex: "\\\\b(eval|exec)\\\\(", must: not_match } }
`,
};

export const STOCK: Subject = {
  name: 'stock',
  files: FILES,
  incident: INCIDENT,
  event: eventSchema.parse({
    id: 'e2',
    source: 'log',
    actionable: true,
    severity: 'high',
    type: 'AttributeError',
    message: "'NoneType' object has no attribute 'values'",
    file: 'shop/stock.py',
    line: 7,
    function: 'quantity_of',
    frames: [
      { file: 'shop/stock.py', line: 7, function: 'quantity_of', in_app: true },
      { file: 'shop/page.py', line: 5, function: 'line', in_app: true },
    ],
    first_seen: '2026-11-20T10:00:00Z',
    last_seen: '2026-11-20T10:00:00Z',
    count: 4,
    fingerprint: '2b3c4d5e6f708192',
    received_at: '2026-11-20T10:00:00Z',
  }),
  diagnosis: { failure_type: 'runtime_error', affected_files: ['shop/stock.py'], confidence: 0.9 },
  honest: {
    'shop/stock.py': FIXED,
    'tests/test_no_bin.py': REPRODUCTION,
    '.self-healing/scenarios/no-bin.yaml': scenarioFile(),
  },
};
