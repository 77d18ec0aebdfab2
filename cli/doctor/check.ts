import { describeError } from '../../events/errors.ts';

/** One answer of `doctor`. */
export interface Check {
  name: string;
  /** `warn`: it works, with something missing. `fail`: healing cannot work here. */
  status: 'ok' | 'warn' | 'fail';
  detail: string;
  /** What to do; empty when nothing is. */
  fix: string;
}

/** Every thrown error of a check is its answer: `doctor` itself never fails on what it looks at. */
export async function check(name: string, look: () => Promise<Omit<Check, 'name'>>): Promise<Check> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    const { message, next } = describeError(error);
    return { name, status: 'fail', detail: message, fix: next };
  }
}

export function ok(detail: string): Omit<Check, 'name'> {
  return { status: 'ok', detail, fix: '' };
}

/** Of what a program said: a row has one line. */
export function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 300);
}
