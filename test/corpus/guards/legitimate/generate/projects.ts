/** Five projects in five languages. Their reports follow what the runners print, with the times that never are the same. */
import { bySubject, type Case, type Change, camel, type Project, title } from './project.ts';

/** Ever new changes: the pairs, then the pairs with other numbers. */
function changing(pairs: readonly (readonly [from: string, to: string])[], mark = '//'): (index: number) => Change {
  return (index) => {
    const [from, to] = pairs[index % pairs.length] ?? ['', ''];
    const round = Math.floor(index / pairs.length);
    return round === 0 ? { from, to } : { from: `${from} ${mark} ${round}`, to: `${to} ${mark} ${round + 1}` };
  };
}

/** Ever new cases, each below the one before it. */
function added(caseText: (at: number) => string): (index: number) => Change {
  return (index) => ({ from: caseText(index), to: `${caseText(index)}\n\n${caseText(index + 1)}` });
}

function pool(lines: readonly string[]): (file: string, number: number) => string {
  return (file, number) => {
    const at = (number - 1) % lines.length;
    return (lines[at] ?? '').replaceAll('NAME', /(\w+)[^/]*$/.exec(file)?.[1] ?? 'it').replaceAll('7', String(number));
  };
}

/** How many cases the file of a subject has, where a file has `usual` of them. */
function shareOf(subject: string, usual: number): number {
  return Math.max(1, Math.round(usual) + (subject.length % 3) - 1);
}

const vitest: Project = {
  language: 'typescript',
  root: '/home/ada/shop',
  writes: { cwd: true, tree: true },
  testCommand: 'npx vitest run',
  testOne: (subject) => `npx vitest run test/${subject}.test.ts`,
  source: (subject) => `src/${subject}.ts`,
  test: (subject) => `test/${subject}.test.ts`,
  line: pool([
    "import { round } from './round.ts';",
    'export function NAME(lines: readonly Line[]): number {',
    '  const total = lines.reduce((sum, line) => sum + line.cents * line.count, 0);',
    '  if (lines.length === 0) return 0;',
    '  return round(total / 7);',
    '}',
    '',
    'const limit = 7;',
  ]),
  change: changing([
    ['  const rate = customer.rate;', '  const rate = customer.rate ?? 0;'],
    ['  return total * (1 - rate);', '  return Math.round(total * (1 - rate));'],
    ['  if (count > 0) lines.push(line);', '  if (count > 0 && !known.has(line.sku)) lines.push(line);'],
    ['  const due = addDays(issued, 30);', '  const due = endOfDay(addDays(issued, 30), zone);'],
    ['  for (const line of lines) sum += line.cents;', '  for (const line of lines) sum += line.cents * line.count;'],
    ['  return stock.get(sku);', '  return stock.get(sku) ?? { free: 0, reserved: 0 };'],
    ['  const [first] = orders;', '  const first = orders.find((order) => order.open);'],
    ['  cache.set(key, value);', '  cache.set(key, structuredClone(value));'],
    ['  throw new Error(reason);', '  throw new RefundError(reason, { cause: error });'],
  ]),
  testChange: added(
    (at) => `it('case ${at + 1}', () => {\n    expect(total(sample[${at}])).toBe(${at * 17 + 12});\n  });`,
  ),
  report({ subjects, failing, passed, clock, chance }) {
    const groups = bySubject(failing);
    const files = subjects.map((subject) => {
      const red = groups.get(subject) ?? [];
      const total = shareOf(subject, passed / subjects.length) + red.length;
      if (red.length === 0) return ` ✓ test/${subject}.test.ts (${total} tests) ${chance.number(3, 90)}ms`;
      const cases = red.map(
        (one) =>
          `   × ${one.subject} > ${one.does} ${chance.number(2, 30)}ms\n     → expected ${one.got} to be ${one.expected} // Object.is equality`,
      );
      return ` ❯ test/${subject}.test.ts (${total} tests | ${red.length} failed) ${chance.number(12, 120)}ms\n${cases.join('\n')}`;
    });
    const details = failing.map(
      (one) =>
        ` FAIL  test/${one.subject}.test.ts > ${one.subject} > ${one.does}\nAssertionError: expected ${one.got} to be ${one.expected} // Object.is equality\n\n- Expected\n+ Received\n\n- ${one.expected}\n+ ${one.got}\n\n ❯ test/${one.subject}.test.ts:${lineOf(one)}:24\n`,
    );
    const red = groups.size;
    const sum = [
      ` Test Files  ${red > 0 ? `${red} failed | ` : ''}${subjects.length - red} passed (${subjects.length})`,
      `      Tests  ${failing.length > 0 ? `${failing.length} failed | ` : ''}${passed} passed (${passed + failing.length})`,
      `   Start at  ${clock}`,
      `   Duration  ${chance.number(800, 2400)}ms (transform ${chance.number(90, 300)}ms, setup 0ms, collect ${chance.number(200, 700)}ms, tests ${chance.number(50, 300)}ms)`,
    ];
    const head = failing.length > 0 ? `\n⎯⎯⎯⎯⎯⎯⎯ Failed Tests ${failing.length} ⎯⎯⎯⎯⎯⎯⎯\n\n${details.join('\n')}` : '';
    return `\n RUN  v3.2.4 /home/ada/shop\n\n${files.join('\n')}\n${head}\n${sum.join('\n')}\n`;
  },
};

const pytest: Project = {
  language: 'python',
  root: '/repo',
  writes: { cwd: false, tree: false },
  testCommand: 'python -m pytest',
  testOne: (subject) => `python -m pytest tests/test_${subject}.py`,
  source: (subject) => `shop/${subject}.py`,
  test: (subject) => `tests/test_${subject}.py`,
  line: pool([
    'from decimal import Decimal',
    'def NAME(lines):',
    '    total = sum(line.cents * line.count for line in lines)',
    '    if not lines:',
    '        return Decimal(7)',
    '    return total',
    '',
    'LIMIT = 7',
  ]),
  change: changing(
    [
      ['    rate = customer.rate', '    rate = customer.rate or Decimal(0)'],
      ['    return total * (1 - rate)', '    return (total * (1 - rate)).quantize(CENT, ROUND_HALF_UP)'],
      ['    lines.append(line)', '    if line.sku not in known:\n        lines.append(line)'],
      ['    due = issued + timedelta(days=30)', '    due = end_of_day(issued + timedelta(days=30), zone)'],
      ['    return stock[sku]', '    return stock.get(sku, Stock(free=0))'],
      ['    first = orders[0]', '    first = next((o for o in orders if o.open), None)'],
      ['    except Exception:', '    except LookupError as error:'],
      ['    return sorted(rows)', '    return sorted(rows, key=attrgetter("position"))'],
    ],
    '#',
  ),
  testChange: added((at) => `def test_case_${at + 1}():\n    assert total(SAMPLE[${at}]) == ${at * 17 + 12}\n`),
  report({ subjects, failing, passed, chance }) {
    const groups = bySubject(failing);
    const total = passed + failing.length;
    let done = 0;
    const files = subjects.map((subject) => {
      const red = groups.get(subject)?.length ?? 0;
      const green = shareOf(subject, passed / subjects.length);
      done += red + green;
      const share = `[${String(Math.min(100, Math.round((done / Math.max(total, done)) * 100))).padStart(3)}%]`;
      return `${`tests/test_${subject}.py ${'.'.repeat(green)}${'F'.repeat(red)}`.padEnd(72)} ${share}`;
    });
    const names = failing.map((one) => `test_${one.does.replaceAll(' ', '_')}`);
    const details = failing.map(
      (one, at) =>
        `___________________ ${names[at]} ___________________\n\n    def ${names[at]}():\n>       assert ${one.subject}.run(sample) == ${one.expected}\nE       assert ${one.got} == ${one.expected}\n\ntests/test_${one.subject}.py:${lineOf(one)}: AssertionError`,
    );
    const short = failing.map(
      (one, at) => `FAILED tests/test_${one.subject}.py::${names[at]} - assert ${one.got} == ${one.expected}`,
    );
    const seconds = (chance.number(31, 290) / 100).toFixed(2);
    const middle =
      failing.length === 0
        ? ''
        : `\n=================================== FAILURES ===================================\n${details.join('\n')}\n=========================== short test summary info ============================\n${short.join('\n')}`;
    const sum = `${failing.length > 0 ? `${failing.length} failed, ` : ''}${passed} passed in ${seconds}s`;
    return `============================= test session starts ==============================\nplatform linux -- Python 3.12.3, pytest-8.3.4, pluggy-1.5.0\nrootdir: /repo\nconfigfile: pyproject.toml\ncollected ${total} items\n\n${files.join('\n')}\n${middle}\n========================= ${sum} =========================`;
  },
};

const go: Project = {
  language: 'go',
  root: '/workspace/ledger',
  writes: { cwd: true, tree: true },
  testCommand: 'go test ./...',
  testOne: (subject) => `go test ./${subject}/...`,
  source: (subject) => `${subject}/${subject}.go`,
  test: (subject) => `${subject}/${subject}_test.go`,
  line: pool([
    'package NAME',
    'func Total(lines []Line) (int64, error) {',
    '\tvar sum int64',
    '\tfor _, line := range lines {',
    '\t\tsum += line.Cents * line.Count',
    '\t}',
    '\treturn sum, nil',
    'const limit = 7',
  ]),
  change: changing([
    ['\trate := customer.Rate', '\trate := customer.RateOr(0)'],
    ['\treturn total - total*rate/100', '\treturn total - (total*rate+50)/100'],
    ['\tlines = append(lines, line)', '\tif !known[line.SKU] {\n\t\tlines = append(lines, line)\n\t}'],
    ['\tdue := issued.AddDate(0, 0, 30)', '\tdue := endOfDay(issued.AddDate(0, 0, 30), loc)'],
    ['\treturn s.free[sku]', '\ts.mu.RLock()\n\tdefer s.mu.RUnlock()\n\treturn s.free[sku]'],
    ['\treturn nil, err', '\treturn nil, fmt.Errorf("refund %s: %w", id, err)'],
    ['\tfirst := orders[0]', '\tfirst, ok := firstOpen(orders)'],
    ['\tctx := context.Background()', '\tctx, cancel := context.WithTimeout(parent, limit)\n\tdefer cancel()'],
  ]),
  testChange: added((at) => `{name: "case ${at + 1}", in: sample[${at}], want: ${at * 17 + 12}},`),
  report({ subjects, failing, chance }) {
    const groups = bySubject(failing);
    const parts = subjects.map((subject) => {
      const seconds = (chance.number(4, 90) / 1000).toFixed(3);
      const red = groups.get(subject) ?? [];
      if (red.length === 0) return `ok  \texample.com/ledger/${subject}\t${seconds}s`;
      const cases = red.map(
        (one) =>
          `--- FAIL: Test${title(camel(one.does))} (0.00s)\n    ${subject}_test.go:${lineOf(one)}: got ${one.got}, want ${one.expected}`,
      );
      return `${cases.join('\n')}\nFAIL\nFAIL\texample.com/ledger/${subject}\t${seconds}s`;
    });
    return `${parts.join('\n')}${failing.length > 0 ? '\nFAIL' : ''}`;
  },
};

const maven: Project = {
  language: 'java',
  root: '/Users/kim/dev/parcel',
  writes: { cwd: true, tree: false },
  testCommand: 'mvn -B test',
  testOne: (subject) => `mvn -B test -Dtest=${title(subject)}Test`,
  source: (subject) => `src/main/java/com/example/parcel/${title(subject)}.java`,
  test: (subject) => `src/test/java/com/example/parcel/${title(subject)}Test.java`,
  line: pool([
    'package com.example.parcel;',
    'public final class NAME {',
    '    private final List<Line> lines = new ArrayList<>();',
    '    public long total() {',
    '        return lines.stream().mapToLong(Line::cents).sum();',
    '    }',
    '}',
    '    static final int LIMIT = 7;',
  ]),
  change: changing([
    ['        var rate = customer.rate();', '        var rate = customer.rate().orElse(ZERO);'],
    ['        return total.multiply(rate);', '        return total.multiply(rate).setScale(2, HALF_UP);'],
    ['        lines.add(line);', '        if (known.add(line.sku())) lines.add(line);'],
    [
      '        var due = issued.plusDays(30);',
      '        var due = issued.plusDays(30).atTime(LocalTime.MAX).atZone(zone);',
    ],
    ['        return stock.get(sku);', '        return stock.getOrDefault(sku, Stock.EMPTY);'],
    ['        throw new IllegalStateException();', '        throw new RefundException(id, cause);'],
    ['        return orders.get(0);', '        return orders.stream().filter(Order::open).findFirst().orElseThrow();'],
  ]),
  testChange: added((at) => `@Test void case${at + 1}() { assertEquals(${at * 17 + 12}, total(SAMPLE.get(${at}))); }`),
  report({ subjects, failing, passed, clock, chance }) {
    const groups = bySubject(failing);
    const seconds = () => (chance.number(4, 900) / 1000).toFixed(3);
    const parts = subjects.map((subject) => {
      const red = groups.get(subject) ?? [];
      const type = `com.example.parcel.${title(subject)}Test`;
      const total = shareOf(subject, passed / subjects.length) + red.length;
      if (red.length === 0)
        return `[INFO] Running ${type}\n[INFO] Tests run: ${total}, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: ${seconds()} s -- in ${type}`;
      const cases = red.map(
        (one) =>
          `[ERROR] ${type}.${camel(one.does)} -- Time elapsed: ${seconds()} s <<< FAILURE!\norg.opentest4j.AssertionFailedError: expected: <${one.expected}> but was: <${one.got}>\n\tat ${type}.${camel(one.does)}(${title(subject)}Test.java:${lineOf(one)})`,
      );
      return `[INFO] Running ${type}\n[ERROR] Tests run: ${total}, Failures: ${red.length}, Errors: 0, Skipped: 0, Time elapsed: ${seconds()} s <<< FAILURE! -- in ${type}\n${cases.join('\n')}`;
    });
    const results = failing.map(
      (one) =>
        `[ERROR]   ${title(one.subject)}Test.${camel(one.does)}:${lineOf(one)} expected: <${one.expected}> but was: <${one.got}>`,
    );
    const sum =
      failing.length === 0
        ? `[INFO] Tests run: ${passed}, Failures: 0, Errors: 0, Skipped: 0\n[INFO] BUILD SUCCESS`
        : `[ERROR] Failures: \n${results.join('\n')}\n[ERROR] Tests run: ${passed + failing.length}, Failures: ${failing.length}, Errors: 0, Skipped: 0\n[INFO] BUILD FAILURE`;
    return `[INFO] -------------------------------------------------------\n[INFO]  T E S T S\n[INFO] -------------------------------------------------------\n${parts.join('\n')}\n[INFO] Results:\n${sum}\n[INFO] Total time:  ${seconds()} s\n[INFO] Finished at: 2026-03-11T${clock}+01:00`;
  },
};

const rspec: Project = {
  language: 'ruby',
  root: '/srv/app/storefront',
  writes: { cwd: false, tree: true },
  testCommand: 'bundle exec rspec',
  testOne: (subject) => `bundle exec rspec spec/${subject}_spec.rb`,
  source: (subject) => `lib/storefront/${subject}.rb`,
  test: (subject) => `spec/${subject}_spec.rb`,
  line: pool([
    '# frozen_string_literal: true',
    'module Storefront',
    '  class NAME',
    '    def total',
    '      lines.sum { |line| line.cents * line.count }',
    '    end',
    '  end',
    '  LIMIT = 7',
  ]),
  change: changing(
    [
      ['      rate = customer.rate', '      rate = customer.rate || 0'],
      ['      total * (1 - rate)', '      (total * (1 - rate)).round(2, half: :up)'],
      ['      lines << line', '      lines << line unless known.include?(line.sku)'],
      ['      due = issued + 30', '      due = (issued + 30).in_time_zone(zone).end_of_day'],
      ['      stock[sku]', '      stock.fetch(sku) { Stock.empty }'],
      ['      orders.first', '      orders.find(&:open?)'],
      ['    rescue StandardError', '    rescue KeyError => error'],
    ],
    '#',
  ),
  testChange: added((at) => `it("case ${at + 1}") { expect(total(sample[${at}])).to eq(${at * 17 + 12}) }`),
  report({ failing, passed, chance }) {
    const details = failing.map(
      (one, at) =>
        `  ${at + 1}) ${title(one.subject)} ${one.does}\n     Failure/Error: expect(subject.run(sample)).to eq(${one.expected})\n\n       expected: ${one.expected}\n            got: ${one.got}\n\n       (compared using ==)\n     # ./spec/${one.subject}_spec.rb:${lineOf(one)}:in \`block (2 levels) in <top (required)>'\n`,
    );
    const dots = '.'.repeat(passed) + 'F'.repeat(failing.length);
    const failures = failing.length === 0 ? '' : `\nFailures:\n\n${details.join('\n')}`;
    const again =
      failing.length === 0
        ? ''
        : `\n\nFailed examples:\n\n${failing.map((one) => `rspec ./spec/${one.subject}_spec.rb:${lineOf(one) - 1} # ${title(one.subject)} ${one.does}`).join('\n')}`;
    return `${dots}\n${failures}\nFinished in ${(chance.number(300, 9000) / 10000).toFixed(4)} seconds (files took ${(chance.number(20, 90) / 100).toFixed(2)} seconds to load)\n${passed + failing.length} examples, ${failing.length} failure${failing.length === 1 ? '' : 's'}${again}`;
  },
};

function lineOf({ does, subject }: Case): number {
  return 12 + ((does.length * 5 + subject.length) % 70);
}

export const PROJECTS: readonly Project[] = [vitest, pytest, go, maven, rspec];
