/** Surefire (Maven) and Gradle: the failed test on a line, the error below it, and the frames of Java below that. */
import type { StackFrame } from '../../stack/block.ts';
import type { TestFailure } from '../step-failure.ts';

/** `[ERROR] shop.PriceTest.adds -- Time elapsed: 0.01 s <<< FAILURE!`, and older ones `adds(shop.PriceTest)  Time elapsed: …`. */
const SUREFIRE = /^\[ERROR\] (\S{1,300}(?:\([\w.$]{1,300}\))?)\s.{0,20}Time elapsed: .{1,40}<<< (?:FAILURE|ERROR)!$/;
/** `PriceTest > adds() FAILED` */
const GRADLE = /^(\S{1,300} > .{1,300}) FAILED$/;
const HEAD =
  /^\s*((?:[a-z][\w$]*\.)*[A-Z][\w$]*(?:Error|Exception|Failure|Failed\w*|Throwable))(?:: ?(.*)| at \S+:\d+)?$/;
const FRAME =
  /^\s+at (?:[\w.@-]*\/\/?)?((?:[\w$]+\.)*)([\w$]+)\.([\w$<>]+)\(([\w$]+\.(?:java|kt|scala|groovy)):(\d{1,7})\)/;
const SHORT = /^\s+(?:Caused by: )?\S+ at ([\w$]+\.(?:java|kt|scala|groovy)):(\d{1,7})$/;
const FOREIGN =
  /^(?:java|javax|jdk|sun|kotlin|scala|groovy|org\.(?:junit|opentest4j|hamcrest|assertj|mockito|gradle|apache\.maven)|worker)\./;
const NEAR = 60;

export function readJvmFailures(text: string): TestFailure[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at): TestFailure[] => {
    const surefire = SUREFIRE.exec(line)?.[1];
    const test = surefire ?? GRADLE.exec(line)?.[1];
    return test === undefined ? [] : [failureBelow(lines, at, test)];
  });
}

function failureBelow(lines: string[], at: number, test: string): TestFailure {
  const below = lines.slice(at + 1, at + NEAR);
  const end = below.findIndex((line) => SUREFIRE.test(line) || GRADLE.test(line) || /^\[(?:INFO|ERROR)\] /.test(line));
  const own = end === -1 ? below : below.slice(0, end);
  const head = own.map((line) => HEAD.exec(line)).find((match) => match !== null);
  const frames = own.flatMap(frameOf);
  const [, shortFile, shortLine] = own.map((line) => SHORT.exec(line)).find((match) => match !== null) ?? [];
  const name = head?.[1]?.split('.').at(-1) ?? '';
  return {
    type: name,
    message: head?.[2] || name || 'the test failed',
    frames,
    place: shortFile === undefined ? undefined : { file: inTests('', shortFile), line: Number(shortLine) },
    test,
  };
}

function frameOf(line: string): StackFrame[] {
  const [, path = '', type, method, file, number] = FRAME.exec(line) ?? [];
  if (file === undefined) return [];
  const folder = path.replaceAll('.', '/');
  const in_app = !FOREIGN.test(path);
  return [
    {
      file: in_app ? inTests(folder, file) : `${folder}${file}`,
      line: Number(number),
      function: `${type}.${method}`,
      in_app,
    },
  ];
}

/** Java names packages, not files; where tests and sources lie is the convention of both build tools. */
function inTests(folder: string, file: string): string {
  const language = file.endsWith('.kt') ? 'kotlin' : 'java';
  return `src/${/(?:Tests?|IT|Spec)\.\w+$/.test(file) ? 'test' : 'main'}/${language}/${folder}${file}`;
}
