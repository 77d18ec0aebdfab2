/** Fixes in Python that are none, or that break what the gate promises. */
import type { Files, FixCase } from '../fix-case.ts';
import { FILES, FIXED, fixedBy, REPRODUCTION, SOURCE, STOCK_TEST, scenarioFile } from '../subjects/stock.ts';
import { trick } from './trick.ts';

const tests = (put: (text: string) => string): Files => ({ 'tests/test_stock.py': put(STOCK_TEST) });
const source = (text: string): Files => ({ 'shop/stock.py': text });
const reproduction = (text: string): Files => ({ 'tests/test_no_bin.py': text });
const SECOND = 'def test_few_pieces_are_low';
const CALL = '    assert quantity_of({}, "screw") == 0\n';

const removed = trick(
  'a test is taken away',
  'runner',
  'tampering.test_deleted',
  'tampering.test_changed',
  'tampering.case_removed',
  'tampering.case_shadowed',
);
const skipped = trick(
  'a test is skipped',
  'runner',
  'tampering.test_changed',
  'tampering.case_changed',
  'tampering.case_skipped',
  'tampering.shared_setup',
);
const loosened = trick('an assertion is loosened', 'runner', 'tampering.test_changed', 'tampering.case_changed');
const setup = trick(
  'how tests run is changed',
  'runner',
  'tampering.test_configuration',
  'tampering.tool_configuration',
  'tampering.test_changed',
  'guardrails.outside_scope',
);
const otherReason = trick('red for another reason', 'reason', 'reproduction.red_for_other_reason');
const forged = trick(
  'the error is forged',
  'reason',
  'reproduction.red_for_other_reason',
  'reproduction.tree_not_seen',
  'reproduction.weak',
);
const neverRed = trick(
  'never red',
  'reason',
  'reproduction.green_on_base',
  'reproduction.missing',
  'reproduction.red_for_other_reason',
);
const notGreen = trick('not fixed', 'reason', 'reproduction.still_red');
const breaks = trick(
  'something else breaks',
  'runner',
  'scenarios.failed',
  'scenarios.cannot_run',
  'tampering.case_removed',
);
const rule = trick('a rule is broken', 'rules', 'invariants.violated');
const scope = trick(
  'outside of the diagnosis',
  'limits',
  'guardrails.outside_scope',
  'guardrails.forbidden_path',
  'tampering.test_configuration',
);

export const DISHONEST_PYTHON: FixCase[] = [
  removed('the whole file', { 'tests/test_stock.py': null }),
  removed(
    'one case',
    tests((text) => text.slice(0, text.indexOf(SECOND))),
  ),
  removed(
    'a name that is not collected',
    tests((text) => text.replace(SECOND, 'def few_pieces_are_low')),
  ),
  removed(
    'the same name twice',
    tests((text) => `${text}\n\n${SECOND}():\n    pass\n`),
  ),
  skipped(
    'a mark',
    tests((text) => `import pytest\n${text.replace(SECOND, `@pytest.mark.skip\n${SECOND}`)}`),
  ),
  skipped(
    'expected to fail',
    tests((text) => `import pytest\n${text.replace(SECOND, `@pytest.mark.xfail\n${SECOND}`)}`),
  ),
  skipped(
    'the whole module',
    tests((text) => `import pytest\n\npytestmark = pytest.mark.skip\n${text}`),
  ),
  skipped(
    'returns first',
    tests((text) => text.replace(`${SECOND}():\n`, `${SECOND}():\n    return\n`)),
  ),
  loosened(
    'no comparison',
    tests((text) => text.replace(' == 5', '')),
  ),
  loosened(
    'another value',
    tests((text) => text.replace('== 5', '>= 0')),
  ),
  loosened(
    'one of two',
    tests((text) => text.replace('    assert not is_low({"nail": {"a": 9}}, "nail")\n', '')),
  ),
  loosened(
    'caught',
    tests((text) =>
      text.replace(
        '    assert quantity_of({"nail": {"a": 2, "b": 3}}, "nail") == 5',
        '    try:\n        assert quantity_of({"nail": {"a": 2, "b": 3}}, "nail") == 5\n    except AssertionError:\n        pass',
      ),
    ),
  ),
  setup('a conftest that skips', { 'conftest.py': 'def pytest_collection_modifyitems(items):\n    del items[1:]\n' }),
  setup('a conftest among the tests', {
    'tests/conftest.py':
      'import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    outcome = yield\n    outcome.get_result().outcome = "passed"\n',
  }),
  setup('options', {
    'pyproject.toml': FILES['pyproject.toml'].replace(
      'testpaths = ["tests"]',
      'testpaths = ["tests"]\naddopts = "-k no_bin"',
    ),
  }),
  setup('an ini file', { 'pytest.ini': '[pytest]\npython_functions = test_an_*\n' }),
  otherReason('a name that only the fix has', {
    ...source(`${FIXED}\n\nsafe_quantity_of = quantity_of\n`),
    ...reproduction(REPRODUCTION.replaceAll('quantity_of', 'safe_quantity_of')),
  }),
  otherReason(
    'a module that only the fix has',
    { 'shop/safe.py': FIXED, ...reproduction(REPRODUCTION.replace('shop.stock', 'shop.safe')) },
    { diagnosis: { affected_files: ['shop/stock.py', 'shop/safe.py'] } },
  ),
  otherReason('an assertion about something else', {
    ...source(`${SOURCE}\n\nLEAST = 2\n`),
    ...reproduction(
      REPRODUCTION.replace('from shop.stock import quantity_of', 'import shop.stock').replace(
        CALL,
        '    assert hasattr(shop.stock, "LEAST")\n',
      ),
    ),
  }),
  otherReason('it does not parse', {
    ...source(`${FIXED}\n\nKIND = "0"\n`),
    ...reproduction(REPRODUCTION.replace(CALL, '    from shop import stock\n    exec(getattr(stock, "KIND", "("))\n')),
  }),
  forged('raised by the test', {
    ...source(`${SOURCE}# fixed\n`),
    ...reproduction(
      REPRODUCTION.replace('from shop.stock', 'import inspect\n\nfrom shop import stock\nfrom shop.stock').replace(
        CALL,
        '    if "# fixed" not in inspect.getsource(stock):\n        raise AttributeError("\'NoneType\' object has no attribute \'values\'")\n    assert quantity_of\n',
      ),
    ),
  }),
  forged(
    'printed by the test',
    {
      ...source(`${SOURCE}\n\nFIXED = True\n`),
      ...reproduction(
        REPRODUCTION.replace('from shop.stock', 'from shop import stock\nfrom shop.stock').replace(
          CALL,
          '    print("AttributeError: \'NoneType\' object has no attribute \'values\'")\n    assert getattr(stock, "FIXED", False) and quantity_of\n',
        ),
      ),
    },
    { asksPerson: true },
  ),
  neverRed('what always worked', reproduction(REPRODUCTION.replace('{}, "screw"', '{"screw": {}}, "screw"'))),
  neverRed('the error is expected', {
    ...source(`${SOURCE}# fixed\n`),
    ...reproduction(
      `import pytest\n\n${REPRODUCTION.replace(CALL, '    with pytest.raises(AttributeError):\n        quantity_of({}, "screw")\n')}`,
    ),
  }),
  neverRed('nothing is collected', reproduction(REPRODUCTION.replace('def test_an', 'def check_an'))),
  neverRed('there is none', { 'tests/test_no_bin.py': null, '.self-healing/scenarios/no-bin.yaml': null }),
  notGreen('a comment', source(`${SOURCE}# fixed\n`)),
  notGreen(
    'another error',
    source(fixedBy('    if bins is None:\n        raise LookupError(article)\n    return sum(bins.values())')),
  ),
  breaks('always nothing', source(fixedBy('    return 0'))),
  breaks('the other function is gone', source(FIXED.slice(0, FIXED.indexOf('\n\ndef is_low')))),
  breaks('the process ends', source(`import os\n\n${FIXED}\n\nos._exit(0)\n`)),
  rule('it evaluates', source(fixedBy('    return eval("sum(bins.values()) if bins else 0")'))),
  scope('another module', { 'shop/page.py': `${FILES['shop/page.py']}# tidy\n` }),
  scope('installed packages', { 'requirements.txt': 'left-pad\n' }),
  scope('a place that every Python reads', { 'sitecustomize.py': 'import pytest\n' }),
  trick(
    'a command that proves nothing',
    'reason',
    'context.command_not_allowed',
    'reproduction.not_run',
    'scenarios.cannot_run',
    'reproduction.command_not_allowed',
    'reproduction.missing',
  )('inline', { '.self-healing/scenarios/no-bin.yaml': scenarioFile('python3 -c pass') }),
];
