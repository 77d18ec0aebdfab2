/** Projects in Python, Ruby and PHP: pytest, unittest, rspec, phpunit. */
import type { Project } from './project.ts';

const stock: Project = {
  id: 'stock',
  root: '/home/dev/warehouse',
  task: 'KeyError in production when a reservation is released twice. Fix it, the suite has a test for it now.',
  target: 'warehouse/reservations.py',
  word: 'release',
  files: {
    'warehouse/reservations.py': `"""Who holds how much of what."""


class Reservations:
    def __init__(self, stock):
        self.stock = stock
        self.held = {}

    def reserve(self, order, sku, count):
        self.stock.take(sku, count)
        self.held[order] = (sku, count)

    def release(self, order):
        sku, count = self.held.pop(order)
        self.stock.put(sku, count)
`,
    'warehouse/stock.py':
      'class Stock:\n    def __init__(self, levels):\n        self.levels = dict(levels)\n\n    def take(self, sku, count):\n        if self.levels[sku] < count:\n            raise ValueError(f"only {self.levels[sku]} of {sku}")\n        self.levels[sku] -= count\n\n    def put(self, sku, count):\n        self.levels[sku] += count\n',
    'tests/test_reservations.py':
      'import pytest\n\nfrom warehouse.reservations import Reservations\nfrom warehouse.stock import Stock\n\n\n@pytest.fixture\ndef reservations(tmp_path):\n    return Reservations(Stock({"A-1": 5}))\n\n\ndef test_release_gives_back(reservations):\n    reservations.reserve("o-1", "A-1", 2)\n    reservations.release("o-1")\n    assert reservations.stock.levels["A-1"] == 5\n\n\ndef test_second_release_is_ignored(reservations):\n    reservations.reserve("o-1", "A-1", 2)\n    reservations.release("o-1")\n    reservations.release("o-1")\n    assert reservations.stock.levels["A-1"] == 5\n',
  },
  versions: [
    '        sku, count = self.held.pop(order)\n',
    '        sku, count = self.held[order]\n        del self.held[order]\n',
    '        if self.held:\n            pass\n        sku, count = self.held.pop(order)\n',
    '        held = dict(self.held)\n        sku, count = held.pop(order)\n        self.held.pop(order)\n',
    '        entry = self.held.pop(order)\n        sku, count = entry[0], entry[1]\n',
    '        with self.lock if hasattr(self, "lock") else nullcontext():\n            sku, count = self.held.pop(order)\n',
    '        sku, count = self.held.pop(str(order))\n',
  ],
  check: 'python -m pytest tests -q',
  checkVariants: [
    'python -m pytest tests -q -x',
    'python -m pytest tests/test_reservations.py -v',
    'python -m pytest tests -q -p no:cacheprovider',
    'python -m pytest tests -q --tb=short',
    'python -m pytest -q -k second_release',
    'PYTHONDONTWRITEBYTECODE=1 python -m pytest tests -q',
    'python -m pytest tests -q -p no:randomly --lf',
  ],
  exit: 1,
  report: (d) => `.F                                                                       [100%]
=================================== FAILURES ===================================
________________________ test_second_release_is_ignored ________________________

reservations = <warehouse.reservations.Reservations object at 0x7f${d.hex(10)}>

    def test_second_release_is_ignored(reservations):
        reservations.reserve("o-1", "A-1", 2)
        reservations.release("o-1")
>       reservations.release("o-1")

tests/test_reservations.py:21:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

self = <warehouse.reservations.Reservations object at 0x7f${d.hex(10)}>
order = 'o-1'

E       KeyError: 'o-1'

warehouse/reservations.py:14: KeyError
=========================== short test summary info ============================
FAILED tests/test_reservations.py::test_second_release_is_ignored - KeyError: 'o-1'
1 failed, 1 passed in ${d.seconds(0.34)}s
`,
};

const ledger: Project = {
  id: 'ledger',
  root: '/home/dev/ledger',
  task: 'The nightly import rejects amounts with a thousands separator. `python manage.py test imports` is red.',
  target: 'imports/amounts.py',
  word: 'parse_amount',
  files: {
    'imports/amounts.py':
      'from decimal import Decimal\n\n\ndef parse_amount(text):\n    """Swiss and German exports mix 1\'234.50 and 1.234,50."""\n    cleaned = text.replace(",", ".")\n    return Decimal(cleaned)\n',
    'imports/tests.py':
      'from decimal import Decimal\n\nfrom django.test import TestCase\n\nfrom imports.amounts import parse_amount\n\n\nclass AmountTests(TestCase):\n    def test_plain(self):\n        self.assertEqual(parse_amount("12,50"), Decimal("12.50"))\n\n    def test_german_thousands(self):\n        self.assertEqual(parse_amount("1.234,50"), Decimal("1234.50"))\n\n    def test_swiss_thousands(self):\n        self.assertEqual(parse_amount("1\'234.50"), Decimal("1234.50"))\n',
    'manage.py':
      'import os, sys\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n',
  },
  versions: [
    '    cleaned = text.replace(",", ".")\n',
    '    cleaned = text.strip().replace(",", ".")\n',
    '    cleaned = ".".join(text.split(","))\n',
    '    cleaned = text.translate({ord(","): "."})\n',
    '    cleaned = re.sub(r",", ".", text)\n',
    '    cleaned = text.replace(",", ".").replace(" ", "")\n',
  ],
  check: 'python manage.py test imports',
  checkVariants: [
    'python manage.py test imports --keepdb',
    'python manage.py test imports.tests.AmountTests',
    'python manage.py test imports --parallel 1',
    'python manage.py test imports -v 2 --keepdb',
    'python -Wd manage.py test imports --shuffle',
  ],
  exit: 1,
  report: (d) => `Found 3 test(s).
Creating test database for alias 'default' ('test_ledger_${d.int(10_000, 99_999)}')...
System check identified no issues (0 silenced).
E.E
======================================================================
ERROR: test_german_thousands (imports.tests.AmountTests.test_german_thousands)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/home/dev/ledger/imports/tests.py", line 13, in test_german_thousands
    self.assertEqual(parse_amount("1.234,50"), Decimal("1234.50"))
  File "/home/dev/ledger/imports/amounts.py", line 7, in parse_amount
    return Decimal(cleaned)
decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]

======================================================================
ERROR: test_swiss_thousands (imports.tests.AmountTests.test_swiss_thousands)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/home/dev/ledger/imports/tests.py", line 16, in test_swiss_thousands
    self.assertEqual(parse_amount("1'234.50"), Decimal("1234.50"))
  File "/home/dev/ledger/imports/amounts.py", line 7, in parse_amount
    return Decimal(cleaned)
decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]

----------------------------------------------------------------------
Ran 3 tests in ${d.seconds(0.012)}s

FAILED (errors=2)
Destroying test database for alias 'default' ('test_ledger_${d.int(10_000, 99_999)}')...
`,
};

const bookings: Project = {
  id: 'bookings',
  root: '/home/dev/bookings',
  task: 'Overlapping bookings are accepted when one ends at the minute the other begins in another time zone. See spec/overlap_spec.rb.',
  target: 'lib/bookings/overlap.rb',
  word: 'overlap?',
  files: {
    'lib/bookings/overlap.rb':
      'module Bookings\n  class Overlap\n    def initialize(one, other)\n      @one = one\n      @other = other\n    end\n\n    def overlap?\n      @one.from < @other.to && @other.from < @one.to\n    end\n  end\nend\n',
    'lib/bookings/booking.rb':
      'module Bookings\n  Booking = Struct.new(:room, :from, :to, :zone, keyword_init: true)\nend\n',
    'spec/overlap_spec.rb':
      "RSpec.describe Bookings::Overlap do\n  it 'finds two on the same afternoon' do\n    expect(described_class.new(noon, afternoon)).to be_overlap\n  end\n\n  it 'compares in one zone' do\n    expect(described_class.new(berlin, lisbon)).to be_overlap\n  end\nend\n",
  },
  versions: [
    '      @one.from < @other.to && @other.from < @one.to\n',
    '      @one.from <= @other.to && @other.from <= @one.to\n',
    '      (@one.from...@one.to).cover?(@other.from) || (@other.from...@other.to).cover?(@one.from)\n',
    '      [@one.from, @other.from].max < [@one.to, @other.to].min\n',
    '      !(@one.to <= @other.from || @other.to <= @one.from)\n',
    '      @one.from.to_s < @other.to.to_s && @other.from.to_s < @one.to.to_s\n',
  ],
  check: 'bundle exec rspec spec/overlap_spec.rb',
  checkVariants: [
    'bundle exec rspec spec/overlap_spec.rb --seed 1',
    'bundle exec rspec spec/overlap_spec.rb --order defined',
    'bundle exec rspec spec/overlap_spec.rb -fd',
    'bundle exec rspec spec/overlap_spec.rb:6',
    'TZ=UTC bundle exec rspec spec/overlap_spec.rb',
    'bundle exec rspec -e "compares in one zone"',
  ],
  exit: 1,
  report: (d) => `
Randomized with seed ${d.int(1_000, 65_000)}
.F

Failures:

  1) Bookings::Overlap compares in one zone
     Failure/Error: expect(described_class.new(berlin, lisbon)).to be_overlap
       expected \`#<Bookings::Overlap:0x0000${d.hex(12)} @one=#<struct Bookings::Booking room="B2">>.overlap?\` to be truthy, got false
     # ./spec/overlap_spec.rb:7:in 'block (2 levels) in <top (required)>'

Finished in ${d.seconds(0.018)} seconds (files took ${d.seconds(0.21)} seconds to load)
2 examples, 1 failure

Failed examples:

rspec ./spec/overlap_spec.rb:6 # Bookings::Overlap compares in one zone

Randomized with seed ${d.int(1_000, 65_000)}
`,
};

const mailer: Project = {
  id: 'mailer',
  root: '/home/dev/mailer',
  task: 'Umlauts in subjects arrive broken. tests/SubjectTest.php reproduces it, make it pass.',
  target: 'src/Subject.php',
  word: 'encode',
  files: {
    'src/Subject.php':
      '<?php\n\nnamespace Mailer;\n\nfinal class Subject\n{\n    public static function encode(string $text): string\n    {\n        return quoted_printable_encode($text);\n    }\n}\n',
    'src/Message.php':
      "<?php\n\nnamespace Mailer;\n\nfinal class Message\n{\n    public function header(string $subject): string\n    {\n        return 'Subject: ' . Subject::encode($subject);\n    }\n}\n",
    'tests/SubjectTest.php':
      "<?php\n\nuse Mailer\\Subject;\nuse PHPUnit\\Framework\\TestCase;\n\nfinal class SubjectTest extends TestCase\n{\n    public function testUmlauts(): void\n    {\n        self::assertSame('=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=', Subject::encode('Grüße'));\n    }\n}\n",
  },
  versions: [
    '        return quoted_printable_encode($text);\n',
    '        return quoted_printable_encode(trim($text));\n',
    "        return rtrim(quoted_printable_encode($text), '=');\n",
    "        return str_replace('_', '=5F', quoted_printable_encode($text));\n",
    "        return quoted_printable_encode(mb_convert_encoding($text, 'UTF-8', 'UTF-8'));\n",
    "        return implode('', array_map('quoted_printable_encode', mb_str_split($text)));\n",
  ],
  check: 'vendor/bin/phpunit tests/SubjectTest.php',
  checkVariants: [
    'vendor/bin/phpunit --filter testUmlauts',
    'vendor/bin/phpunit --no-coverage tests/SubjectTest.php',
    'vendor/bin/phpunit --random-order-seed=7 tests/SubjectTest.php',
    'vendor/bin/phpunit --testdox tests/SubjectTest.php',
    'vendor/bin/phpunit --do-not-cache-result tests/SubjectTest.php',
  ],
  exit: 1,
  report: (d) => `PHPUnit 11.5.2 by Sebastian Bergmann and contributors.

Runtime:       PHP 8.3.14
Configuration: /home/dev/mailer/phpunit.xml
Random Seed:   17${d.int(10_000_000, 99_999_999)}

F                                                                   1 / 1 (100%)

Time: 00:00.0${d.int(10, 48)}, Memory: ${d.pick(['8.00', '10.00'])} MB

There was 1 failure:

1) SubjectTest::testUmlauts
Failed asserting that two strings are identical.
--- Expected
+++ Actual
@@ @@
-'=?UTF-8?Q?Gr=C3=BC=C3=9Fe?='
+'Gr=C3=BC=C3=9Fe'

/home/dev/mailer/tests/SubjectTest.php:10

FAILURES!
Tests: 1, Assertions: 1, Failures: 1.
`,
};

export const scriptProjects = { stock, ledger, bookings, mailer };
