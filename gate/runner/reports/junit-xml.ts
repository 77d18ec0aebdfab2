/**
 * JUnit XML as the tools of many languages write it: suites in suites, cases in suites, an element for each failure.
 * The format has no standard: what a case's file and class are is for the caller to say.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';

export interface JUnitCase {
  suite: string;
  classname: string;
  name: string;
  /** As written: relative to wherever the tool was started. */
  file?: string;
  status: 'passed' | 'failed' | 'skipped';
  failure?: string;
}

const outcomeSchema = z.union([
  z.string().transform((text) => ({ '@message': '', '#text': text })),
  z.object({ '@message': z.string().default(''), '#text': z.string().default('') }),
]);
const outcomesSchema = z.array(outcomeSchema).optional();
const caseSchema = z.object({
  '@classname': z.string().default(''),
  '@name': z.string().default(''),
  '@file': z.string().optional(),
  '@status': z.string().default(''),
  failure: outcomesSchema,
  error: outcomesSchema,
  skipped: outcomesSchema,
  disabled: outcomesSchema,
});

/** Keeps texts as they stand, and makes a list of whatever may come more than once. */
export const junitParser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseAttributeValue: false,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => ['testsuite', 'testcase', 'failure', 'error', 'skipped', 'disabled'].includes(name),
});

/** Null when the text is no JUnit XML. */
export function readJUnitXml(text: string): JUnitCase[] | null {
  let document: unknown;
  try {
    if (XMLValidator.validate(text) !== true) return null;
    document = junitParser.parse(text);
  } catch {
    return null;
  }
  if (!isElement(document) || !('testsuites' in document || 'testsuite' in document)) return null;
  const cases: JUnitCase[] = [];
  const whole = [document.testsuites].flat().filter(isElement);
  return [document, ...whole].every((element) => collect(element, '', cases)) ? cases : null;
}

function collect(element: Record<string, unknown>, suite: string, into: JUnitCase[]): boolean {
  for (const inner of [element.testsuite].flat().filter(isElement)) {
    const name = typeof inner['@name'] === 'string' ? inner['@name'] : suite;
    if (!collect(inner, name, into)) return false;
  }
  for (const one of element.testcase === undefined ? [] : [element.testcase].flat()) {
    const parsed = caseSchema.safeParse(one === '' ? {} : one);
    if (!parsed.success) return false;
    into.push(caseOf(parsed.data, suite));
  }
  return true;
}

function caseOf(one: z.infer<typeof caseSchema>, suite: string): JUnitCase {
  const [problem] = [...(one.error ?? []), ...(one.failure ?? [])];
  const notRun = /^(?:notrun|skipped|disabled|ignored)$/i.test(one['@status']);
  const skipped = one.skipped !== undefined || one.disabled !== undefined || notRun;
  const file = one['@file'];
  return {
    suite,
    classname: one['@classname'],
    name: one['@name'],
    ...(file ? { file } : {}),
    status: problem ? 'failed' : skipped ? 'skipped' : 'passed',
    ...(problem ? { failure: failureText(problem['#text'].trim(), problem['@message']) } : {}),
  };
}

function failureText(text: string, message: string): string {
  const [first = ''] = message.split('\n');
  if (text === '') return message || 'It told no reason.';
  return text.includes(first) ? text : `${message}\n${text}`;
}

function isElement(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
