/**
 * What an output says once everything volatile is masked. Masking costs about 0.1 ms per kB, so it is spent where programs
 * say what matters, at the beginning and the end; in the middle only numbers and ids go. Everything is counted in lines,
 * not in characters: a duration that grows by a digit must not move the borders.
 */
import { stripVTControlCharacters } from 'node:util';
import { maskText } from '../../events/mask.ts';

/** Runners name the failure early or late; a summary at the end is longer than a beginning. */
const HEAD_LINES = 8;
const TAIL_LINES = 16;
/** A longer line is one of data: it is taken apart at its commas. */
const LONG_LINE = 160;
/** More than any runner prints of its own accord; the rest counts by its end. */
const MAX_LENGTH = 65_536;

/** An id that is called one, whatever it looks like. */
const NAMED_ID =
  /\b((?:request|req|trace|span|correlation|session|transaction|container|job|build|deployment|invocation|message|operation|execution|event)[-_ ]?id["']?\s{0,2}[:=]\s{0,2}["']?)[\w-]{4,80}/gi;

/** The lines of a text, trimmed and masked, without empty ones. */
export function maskedLines(text: string): string[] {
  const lines = stripVTControlCharacters(text.slice(-MAX_LENGTH))
    .replace(NAMED_ID, '$1<id>')
    .split(/\r\n|[\n\r]/)
    .flatMap((line) => (line.length > LONG_LINE ? line.split(/(?<=[,;}])/) : [line]))
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length <= HEAD_LINES + TAIL_LINES) return mask(lines);
  return [
    ...mask(lines.slice(0, HEAD_LINES)),
    ...lines.slice(HEAD_LINES, -TAIL_LINES).map(maskRoughly),
    ...mask(lines.slice(-TAIL_LINES)),
  ];
}

function mask(lines: readonly string[]): string[] {
  const short = lines.map((line) => line.slice(0, LONG_LINE)).join('\n');
  return maskText(short).split('\n');
}

const ROUGH =
  /(?<![A-Za-z0-9_.])\d+(?:\.\d+)? ?(?:ns|us|µs|ms|s|m|h)(?![A-Za-z0-9_])|(?<![A-Za-z0-9])(?=[A-Fa-f]{0,40}\d)[0-9A-Fa-f]{8,40}(?![A-Za-z0-9])|(?<![A-Za-z0-9])\d[\d.,]*%?/g;

/** Durations, ids and numbers, with the placeholders of the full masking. */
function maskRoughly(line: string): string {
  return line.replace(ROUGH, (found) => {
    if (/[a-z]$/.test(found) && /^[\d.]+ ?[a-zµ]+$/.test(found) && !/^[0-9a-f]{8,}$/.test(found)) return '<duration>';
    return /^[0-9A-Fa-f]{8,}$/.test(found) && /[A-Fa-f]/.test(found) ? '<id>' : '<n>';
  });
}
