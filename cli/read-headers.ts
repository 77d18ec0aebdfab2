/** Headers of a recorded webhook: a JSON object, or one `Name: value` a line as curl prints them. */
import { z } from 'zod';
import { UserError } from '../events/errors.ts';
import type { Headers } from '../events/sources/reader.ts';

const objectSchema = z.record(z.string(), z.union([z.string(), z.number().transform(String)]));

/** Names in lower case. Throws UserError for a text that is neither. */
export function readHeaders(text: string): Headers {
  const entries = text.trimStart().startsWith('{') ? fromJson(text) : text.split('\n').flatMap(fromLine);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}

function fromJson(text: string): [string, string][] {
  try {
    return Object.entries(objectSchema.parse(JSON.parse(text)));
  } catch {
    throw new UserError(
      'The headers are not a JSON object of texts.',
      'Give {"name": "value"} or one "Name: value" a line.',
    );
  }
}

function fromLine(line: string, at: number): [string, string][] {
  // The line of the request or the status, and the empty one at the end.
  if (/^[<>]?\s*$/.test(line) || /^(?:[<>] )?(?:[A-Z]+ \S+ )?HTTP\/[\d.]+/.test(line)) return [];
  const [, name, value] = /^[<>]? ?([\w-]+):[ \t]*(.*?)\s*$/.exec(line) ?? [];
  if (name === undefined || value === undefined)
    throw new UserError(`Line ${at + 1} of the headers is not "Name: value".`, 'Correct it, or give a JSON object.');
  return [[name, value]];
}
