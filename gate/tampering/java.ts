/** What a fix may not add to Java test files. Lines that are gone are told without knowing the language. */

import { addedCode, isClosing, once, unreadable } from './added-code.ts';
import { type Bracket, readBraces } from './braces.ts';
import type { Tampering, TestChange } from './test-change.ts';

const MARKER =
  /@(?:[\w.]+\.)?(?:Disabled\w*|Enabled(?:If|On|For)\w*|Ignore|Ignored)\b|@Test\s*\([^)]*\b(?:enabled\s*=\s*false|expected\s*=\s*(?:Exception|Throwable)\.class)|\bthrow new (?:\w+\.)*(?:SkipException|TestAbortedException)\b/;
/** An assumption that does not hold counts as skipped. */
const ASSUMPTION = /\b(?:assume(?:True|False|That|NoException|NotNull|ingThat)|Assumptions\.abort)\s*\(/;
const SETUP =
  /@(?:[\w.]+\.)?(?:BeforeEach|AfterEach|BeforeAll|AfterAll|Before|After|BeforeClass|AfterClass|BeforeMethod|AfterMethod|BeforeSuite|AfterSuite|Rule|ClassRule|RegisterExtension|ExtendWith|RunWith|TestMethodOrder|TestInstance|TestExecutionListeners)\b|^\s*static\s*\{/;
const EXIT = /\bSystem\.exit\s*\(|\bRuntime\.getRuntime\(\)\.(?:exit|halt)\s*\(/;
const ANNOTATION = /^\s*@(?!interface\b)/;
const TYPE = /\b(?:class|interface|enum|record)\s+\w+/;

export function findJavaTampering(change: TestChange): Tampering[] {
  const { path, newText } = change;
  const lines = newText.split('\n');
  const { found, report } = once();
  const added = addedCode(change, /^\s*(?:\/\/|\*|\/\*)/);
  for (const line of added)
    if (MARKER.test(lines[line - 1] ?? '') || ASSUMPTION.test(lines[line - 1] ?? ''))
      report(
        'marker',
        line,
        `Line ${line} of ${path} adds a skip, a condition or an expected-failure mark.`,
        'Remove the mark: every case has to run, and to run for real.',
      );
  if (!change.existing || added.length === 0) return found;

  const braces = readBraces(newText);
  if (braces === null) for (const told of unreadable(change, added[0] ?? 1)) report(...told);
  const types = new Set((braces ?? []).filter(isTypeBody));
  for (const line of added) {
    const text = lines[line - 1] ?? '';
    const around = (braces ?? []).filter((bracket) => bracket.start < line && line <= bracket.end);
    const inner = around.at(-1);
    const ownType = around.some((bracket) => types.has(bracket) && change.added.has(bracket.start));
    if (EXIT.test(text))
      report(
        'test_exit',
        line,
        `Line ${line} of ${path} ends the test process.`,
        'Remove it: cases after it would not run.',
      );
    if (SETUP.test(text) && !ownType)
      report(
        'shared_setup',
        line,
        `Line ${line} of ${path} adds what runs around existing cases.`,
        'Put it into a class of its own together with the new case, or into a new file.',
      );
    const annotated = annotatedBy(lines, line);
    if (annotated !== undefined && !change.added.has(annotated))
      report(
        'case_changed',
        line,
        `Line ${line} of ${path} annotates what stood there before in line ${annotated}.`,
        'Leave existing cases as they are; write a case of its own.',
      );
    if (inner === undefined || change.added.has(inner.start) || isClosing(text)) continue;
    if (types.has(inner) || /@\w+Source\s*\((?:\w+\s*=\s*)?$|@\w+Source\s*$/.test(inner.before)) continue;
    report(
      'case_changed',
      line,
      `Line ${line} of ${path} was put into what begins in line ${inner.start} and stood there before.`,
      'Leave existing cases as they are; write a case of its own.',
    );
  }
  return found;
}

function isTypeBody({ open, before }: Bracket): boolean {
  return open === '{' && TYPE.test(before);
}

/** The line of the declaration that an annotation of this line belongs to. */
function annotatedBy(lines: readonly string[], line: number): number | undefined {
  if (!ANNOTATION.test(lines[line - 1] ?? '')) return undefined;
  for (let at = line; at < lines.length; at++) {
    const text = lines[at] ?? '';
    if (text.trim() !== '' && !ANNOTATION.test(text)) return at + 1;
  }
  return undefined;
}
