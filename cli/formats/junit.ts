/** JUnit XML, as CI systems read it: one suite per check or run, one case per scenario or finding. */

export interface JUnitCase {
  name: string;
  seconds?: number;
  /** The text of what went wrong; the first line becomes the message. */
  failure?: string;
  skipped?: string;
}

export interface JUnitSuite {
  name: string;
  cases: readonly JUnitCase[];
}

export function junit(suites: readonly JUnitSuite[]): string {
  const parts = suites.map(({ name, cases }) => {
    const failures = cases.filter(({ failure }) => failure !== undefined).length;
    const skipped = cases.filter((one) => one.skipped !== undefined).length;
    const seconds = cases.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
    return [
      `  <testsuite name="${escaped(name)}" tests="${cases.length}" failures="${failures}" skipped="${skipped}" time="${seconds.toFixed(3)}">`,
      ...cases.map((one) => caseOf(name, one)),
      '  </testsuite>',
    ].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...parts, '</testsuites>', ''].join('\n');
}

function caseOf(suite: string, { name, seconds = 0, failure, skipped }: JUnitCase): string {
  const open = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}" time="${seconds.toFixed(3)}"`;
  if (failure !== undefined) {
    const message = failure.split('\n', 1)[0] ?? '';
    return `${open}><failure message="${escaped(message)}">${escaped(failure)}</failure></testcase>`;
  }
  return skipped === undefined ? `${open}/>` : `${open}><skipped message="${escaped(skipped)}"/></testcase>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };

/** XML 1.0 has no way to write most control characters and no half of a pair; they are left out. */
function escaped(text: string): string {
  return text
    .replace(/(?![\t\n])[\p{Cc}\p{Cs}]|[\ufffe\uffff]/gu, '')
    .replace(/[&<>"\n]/g, (character) => ENTITIES[character] ?? '');
}
