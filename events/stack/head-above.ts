/** The message that stands above the first frame of a stack, whatever the language: one line or several. */
import { MAX_TRACE_LINE, type TraceLine } from './block.ts';

const MAX_MESSAGE_LINES = 30;

/** `isHead` knows the first line of a message. Where none does, the line right above is it, and with nothing there none. */
export function headAbove(
  lines: readonly TraceLine[],
  first: number,
  floor: number,
  isHead: (line: string) => boolean,
): { start: number; text: string } {
  const textOf = (at: number) => lines[at]?.text.slice(0, MAX_TRACE_LINE).trim() ?? '';
  for (let i = first - 1; i >= Math.max(floor, first - MAX_MESSAGE_LINES); i--) {
    if (isHead(textOf(i))) {
      const rest = Array.from({ length: first - i }, (_, at) => textOf(i + at));
      return { start: i, text: rest.join('\n').trim() };
    }
    if (lines[i]?.prefixed) break;
  }
  const above = first > floor ? textOf(first - 1) : '';
  return above === '' ? { start: first, text: '' } : { start: first - 1, text: above };
}
