/** An error that a person gives in words, with or without a stack: the whole text is one error. */
import type { Occurrence } from '../occurrence.ts';
import { parseErrorHead } from '../stack/error-head.ts';
import { parseStack } from '../stack/stack.ts';

/** One occurrence, or none for an empty text. `text` is plain. */
export function readManual(text: string): Occurrence[] {
  const said = text.trim();
  if (said === '') return [];
  const stack = parseStack(said);
  if (stack) return [{ type: stack.type, message: stack.message || firstLine(said), stack, text: said }];
  const head = parseErrorHead(said);
  return [{ type: head?.type ?? '', message: head?.message || said, text: said }];
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
