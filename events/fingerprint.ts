/**
 * Fingerprints: which occurrences are the same error. Sixteen hex digits over what masking leaves of the message and the
 * innermost places in the application; nothing learned, nothing remembered, so that any process computes the same.
 */
import { createHash } from 'node:crypto';
import { parseLogLine } from './log-line/log-line.ts';
import { maskText } from './mask.ts';
import { redact } from './redact.ts';
import { templateOf } from './template.ts';

/** How many of the innermost in-app frames tell errors apart; deeper ones are callers, which vary. */
const FRAMES = 3;

export interface FingerprintInput {
  type?: string | undefined;
  message: string;
  /** Innermost first. Frames outside the application do not count. */
  frames: { file: string; function?: string | undefined; in_app: boolean }[];
}

/** First 16 hex digits of sha256 over `type: message` (masked) and file + function (masked) of the first 3 in-app frames. */
export function fingerprint({ type, message, frames }: FingerprintInput): string {
  const places = frames
    .filter((frame) => frame.in_app)
    .slice(0, FRAMES)
    .map((frame) => `${maskText(frame.file)} ${maskText(frame.function ?? '')}`);
  return digest([errorTemplate(type, message), ...places]);
}

/** One log line on its own: its prefix (time, level, logger, process) stripped, secrets out, the rest masked. */
export function fingerprintLine(line: string): { fingerprint: string; template: string } {
  const { type, message } = parseLogLine(line);
  const clean = redact(message, { ips: true });
  return { fingerprint: fingerprint({ type, message: clean, frames: [] }), template: errorTemplate(type, clean) };
}

/** What the same error says wherever it is told: `type: message` on one line, masked. */
export function errorTemplate(type: string | undefined, message: string): string {
  return templateOf(type ? `${type}: ${message}` : message);
}

function digest(parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
