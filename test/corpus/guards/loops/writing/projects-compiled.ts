/** Projects in Go, Rust, Java and C#: go test, cargo test, mvn test, dotnet test. */
import type { Project } from './project.ts';

const rates: Project = {
  id: 'rates',
  root: '/home/dev/rates',
  task: 'Converted amounts are off by one cent for some currencies; TestConvert/JPY and TestConvert/CHF are red.',
  target: 'internal/fx/convert.go',
  word: 'Convert',
  files: {
    'internal/fx/convert.go':
      'package fx\n\nimport "math"\n\n// Convert turns cents of one currency into the smallest unit of another.\nfunc Convert(cents int64, rate float64, digits int) int64 {\n\tvalue := float64(cents) / 100 * rate\n\treturn int64(math.Floor(value * math.Pow10(digits)))\n}\n',
    'internal/fx/rates.go':
      'package fx\n\nvar Rates = map[string]float64{"JPY": 169.83, "CHF": 0.9371, "USD": 1.1642}\n',
    'internal/fx/convert_test.go':
      'package fx\n\nimport "testing"\n\nfunc TestConvert(t *testing.T) {\n\tfor _, c := range []struct {\n\t\tname   string\n\t\tcents  int64\n\t\trate   float64\n\t\tdigits int\n\t\twant   int64\n\t}{{"USD", 1000, 1.1642, 2, 1164}, {"JPY", 1999, 169.83, 0, 3395}, {"CHF", 2505, 0.9371, 2, 2347}} {\n\t\tt.Run(c.name, func(t *testing.T) {\n\t\t\tif got := Convert(c.cents, c.rate, c.digits); got != c.want {\n\t\t\t\tt.Errorf("Convert(%d, %g, %d) = %d, want %d", c.cents, c.rate, c.digits, got, c.want)\n\t\t\t}\n\t\t})\n\t}\n}\n',
  },
  versions: [
    '\treturn int64(math.Floor(value * math.Pow10(digits)))\n',
    '\treturn int64(math.Trunc(value * math.Pow10(digits)))\n',
    '\treturn int64(value * math.Pow10(digits))\n',
    '\tscaled := value * math.Pow10(digits)\n\treturn int64(scaled - math.Mod(scaled, 1))\n',
    '\twhole, _ := math.Modf(value * math.Pow10(digits))\n\treturn int64(whole)\n',
    '\treturn int64(math.Floor(value*math.Pow10(digits) + 1e-9))\n',
    '\treturn int64(math.Floor(math.Pow10(digits) * rate * float64(cents) / 100))\n',
  ],
  check: 'go test ./internal/fx/...',
  checkVariants: [
    'go test ./internal/fx/... -v',
    'go test -count=1 ./internal/fx/...',
    'go test -race ./internal/fx/',
    'go test ./internal/fx -run TestConvert',
    'go test -shuffle=on ./internal/fx/...',
    'go test -p 1 -count=1 ./internal/fx/...',
  ],
  exit: 1,
  report: (d) => `--- FAIL: TestConvert (0.0${d.int(0, 2)}s)
    --- FAIL: TestConvert/JPY (0.00s)
        convert_test.go:15: Convert(1999, 169.83, 0) = 3394, want 3395
    --- FAIL: TestConvert/CHF (0.00s)
        convert_test.go:15: Convert(2505, 0.9371, 2) = 2346, want 2347
FAIL
FAIL\tgithub.com/example/rates/internal/fx\t0.${d.int(100, 900)}s
FAIL
`,
};

const durations: Project = {
  id: 'durations',
  root: '/home/dev/durations',
  task: '`parse("1h30m")` gives 90 seconds instead of 5400. cargo test shows it.',
  target: 'src/parse.rs',
  word: 'unit_seconds',
  files: {
    'src/parse.rs':
      "/// Seconds of texts such as `90s`, `15m`, `1h30m`.\npub fn parse(text: &str) -> Option<u64> {\n    let mut total = 0;\n    let mut number = String::new();\n    for letter in text.chars() {\n        if letter.is_ascii_digit() {\n            number.push(letter);\n            continue;\n        }\n        total += number.parse::<u64>().ok()? * unit_seconds(letter)?;\n    }\n    Some(total)\n}\n\nfn unit_seconds(letter: char) -> Option<u64> {\n    match letter {\n        's' => Some(1),\n        'm' => Some(60),\n        'h' => Some(3600),\n        _ => None,\n    }\n}\n",
    'src/lib.rs': 'pub mod parse;\n',
    'tests/parse.rs':
      'use durations::parse::parse;\n\n#[test]\nfn one_unit() {\n    assert_eq!(parse("15m"), Some(900));\n}\n\n#[test]\nfn two_units() {\n    assert_eq!(parse("1h30m"), Some(5400));\n}\n',
  },
  versions: [
    '        total += number.parse::<u64>().ok()? * unit_seconds(letter)?;\n',
    '        let count: u64 = number.parse().ok()?;\n        total += count * unit_seconds(letter)?;\n',
    '        total = total + number.parse::<u64>().ok()?.checked_mul(unit_seconds(letter)?)?;\n',
    '        let unit = unit_seconds(letter)?;\n        total += number.trim().parse::<u64>().ok()? * unit;\n',
    '        total += unit_seconds(letter)? * u64::from_str_radix(&number, 10).ok()?;\n',
    '        total += number.as_str().parse::<u64>().map(|n| n * 1).ok()? * unit_seconds(letter)?;\n',
  ],
  check: 'cargo test',
  checkVariants: [
    'cargo test -- --test-threads=1',
    'cargo test --test parse',
    'cargo test two_units',
    'cargo test --release',
    'RUST_BACKTRACE=1 cargo test',
    'cargo test -- --nocapture',
  ],
  exit: 101,
  report: (d) => `   Compiling durations v0.1.0 (/home/dev/durations)
    Finished \`test\` profile [unoptimized + debuginfo] target(s) in ${d.seconds(0.6)}s
     Running unittests src/lib.rs (target/debug/deps/durations-${d.hex(16)})

running 0 tests

test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

     Running tests/parse.rs (target/debug/deps/parse-${d.hex(16)})

running 2 tests
test one_unit ... ok
test two_units ... FAILED

failures:

---- two_units stdout ----

thread 'two_units' (${d.int(3_000, 90_000)}) panicked at tests/parse.rs:10:5:
assertion \`left == right\` failed
  left: Some(11400)
 right: Some(5400)
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace


failures:
    two_units

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

error: test failed, to rerun pass \`--test parse\`
`,
};

const pricing: Project = {
  id: 'pricing',
  root: '/home/dev/pricing-service',
  task: 'PricingServiceTest#familyTariff fails since the tariff table was changed. Make the build green again.',
  target: 'src/main/java/com/example/pricing/Tariff.java',
  word: 'priceFor',
  files: {
    'src/main/java/com/example/pricing/Tariff.java':
      'package com.example.pricing;\n\nimport java.math.BigDecimal;\nimport java.math.RoundingMode;\n\npublic record Tariff(BigDecimal base, int freeChildren) {\n\n    public BigDecimal priceFor(int adults, int children) {\n        int paying = Math.max(0, children - freeChildren);\n        return base.multiply(BigDecimal.valueOf(adults + paying)).setScale(2, RoundingMode.HALF_UP);\n    }\n}\n',
    'src/test/java/com/example/pricing/PricingServiceTest.java':
      'package com.example.pricing;\n\nclass PricingServiceTest {\n\n    @Test\n    void familyTariff() {\n        assertEquals(new BigDecimal("37.80"), service.quote("family", 2, 3));\n    }\n}\n',
    'pom.xml': '<project><artifactId>pricing-service</artifactId><version>1.8.0-SNAPSHOT</version></project>\n',
  },
  versions: [
    '        int paying = Math.max(0, children - freeChildren);\n',
    '        int paying = Math.abs(children - freeChildren);\n',
    '        int paying = children > freeChildren ? children - freeChildren : 0;\n',
    '        int paying = Math.max(children - freeChildren, 0);\n        assert paying >= 0;\n',
    '        int paying = Math.subtractExact(children, freeChildren);\n',
    '        int paying = IntStream.range(freeChildren, children).map(child -> 1).sum();\n',
  ],
  check: 'mvn -q test -Dtest=PricingServiceTest',
  checkVariants: [
    'mvn test -Dtest=PricingServiceTest#familyTariff',
    'mvn -o -q test -Dtest=PricingServiceTest',
    'mvn -q clean test -Dtest=PricingServiceTest',
    'mvn -q test -Dtest=PricingServiceTest -DforkCount=0',
    'mvn -q test -Dtest=PricingServiceTest -Dsurefire.runOrder=random',
  ],
  exit: 1,
  report: (d) => `[INFO] Running com.example.pricing.PricingServiceTest
[ERROR] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: ${d.seconds(0.31)} s <<< FAILURE! -- in com.example.pricing.PricingServiceTest
[ERROR] com.example.pricing.PricingServiceTest.familyTariff -- Time elapsed: 0.00${d.int(2, 9)} s <<< FAILURE!
org.opentest4j.AssertionFailedError: expected: <37.80> but was: <31.50>
\tat org.junit.jupiter.api.AssertionFailureBuilder.build(AssertionFailureBuilder.java:151)
\tat org.junit.jupiter.api.Assertions.assertEquals(Assertions.java:1145)
\tat com.example.pricing.PricingServiceTest.familyTariff(PricingServiceTest.java:7)
\tat java.base/java.lang.reflect.Method.invoke(Method.java:565)

[ERROR] Failures:
[ERROR]   PricingServiceTest.familyTariff:7 expected: <37.80> but was: <31.50>
[ERROR] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0
[INFO] ------------------------------------------------------------------------
[INFO] BUILD FAILURE
[INFO] ------------------------------------------------------------------------
[INFO] Total time:  ${d.seconds(6.4)} s
[INFO] Finished at: 2026-05-14T${d.clock()}+02:00
[INFO] ------------------------------------------------------------------------
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.5.2:test (default-test) on project pricing-service: There are test failures.
[ERROR] See /home/dev/pricing-service/target/surefire-reports for the individual test results.
`,
};

const tickets: Project = {
  id: 'tickets',
  root: '/home/dev/tickets',
  task: 'Seats next to each other are not found in rows with a gap. SeatFinderTests fails; repair SeatFinder.',
  target: 'src/Tickets/SeatFinder.cs',
  word: 'FindAdjacent',
  files: {
    'src/Tickets/SeatFinder.cs':
      'namespace Tickets;\n\npublic sealed class SeatFinder\n{\n    public int? FindAdjacent(bool[] free, int count)\n    {\n        for (var first = 0; first < free.Length - count; first++)\n        {\n            if (free.Skip(first).Take(count).All(seat => seat)) return first;\n        }\n        return null;\n    }\n}\n',
    'src/Tickets/Row.cs': 'namespace Tickets;\n\npublic sealed record Row(string Name, bool[] Free);\n',
    'tests/Tickets.Tests/SeatFinderTests.cs':
      'public class SeatFinderTests\n{\n    [Fact]\n    public void Finds_the_last_two_seats_of_a_row()\n    {\n        Assert.Equal(3, new SeatFinder().FindAdjacent([true, false, true, true, true][1..], 2));\n    }\n}\n',
  },
  versions: [
    '        for (var first = 0; first < free.Length - count; first++)\n',
    '        for (int first = 0; first < free.Length - count; ++first)\n',
    '        for (var first = 0; first <= free.Length - count - 1; first++)\n',
    '        for (var first = 0; first + count < free.Length; first++)\n',
    '        foreach (var first in Enumerable.Range(0, free.Length - count))\n',
    '        for (var first = 0; first < free.Length; first += count)\n',
  ],
  check: 'dotnet test tests/Tickets.Tests',
  checkVariants: [
    'dotnet test tests/Tickets.Tests --no-build',
    'dotnet test tests/Tickets.Tests --filter SeatFinderTests',
    'dotnet test tests/Tickets.Tests -c Release',
    'dotnet test tests/Tickets.Tests --verbosity normal',
    'dotnet test tests/Tickets.Tests --logger "console;verbosity=detailed"',
  ],
  exit: 1,
  report: (d) => `  Determining projects to restore...
  All projects are up-to-date for restore.
  Tickets -> /home/dev/tickets/src/Tickets/bin/Debug/net9.0/Tickets.dll
  Tickets.Tests -> /home/dev/tickets/tests/Tickets.Tests/bin/Debug/net9.0/Tickets.Tests.dll
Test run for /home/dev/tickets/tests/Tickets.Tests/bin/Debug/net9.0/Tickets.Tests.dll (.NETCoreApp,Version=v9.0)
Starting test execution, please wait...
A total of 1 test files matched the specified pattern.
[xUnit.net 00:00:00.${d.int(10, 99)}]     SeatFinderTests.Finds_the_last_two_seats_of_a_row [FAIL]
  Failed SeatFinderTests.Finds_the_last_two_seats_of_a_row [${d.int(4, 28)} ms]
  Error Message:
   Assert.Equal() Failure: Values differ
Expected: 3
Actual:   1
  Stack Trace:
     at SeatFinderTests.Finds_the_last_two_seats_of_a_row() in /home/dev/tickets/tests/Tickets.Tests/SeatFinderTests.cs:line 6
   at System.Reflection.MethodBaseInvoker.InvokeWithNoArgs(Object obj, BindingFlags invokeAttr)

Failed!  - Failed:     1, Passed:     6, Skipped:     0, Total:     7, Duration: ${d.int(21, 88)} ms - Tickets.Tests.dll (net9.0)
`,
};

export const compiledProjects = { rates, durations, pricing, tickets };
