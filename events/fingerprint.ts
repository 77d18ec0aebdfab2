/**
 * Fingerprints: which occurrences are the same error. Sixteen hex digits over what masking leaves of the message and the
 * innermost places in the application; nothing learned, nothing remembered, so that any process computes the same.
 */
import { hash } from 'node:crypto';
import { canonicalNumbers } from './canonical-numbers.ts';
import { parseLogLine } from './log-line/log-line.ts';
import { maskText } from './mask.ts';
import { redact } from './redact.ts';
import { remembered } from './remembered.ts';
import { templateOf } from './template.ts';

/** How many of the innermost in-app frames tell errors apart; deeper ones are callers, which vary. */
const FRAMES = 3;

interface Place {
  file: string;
  function?: string | undefined;
  in_app: boolean;
}

/** A list of frames is never changed: what it says is remembered by the list. */
export interface FingerprintInput {
  type?: string | undefined;
  message: string;
  /** Innermost first. Frames outside the application do not count. */
  frames: readonly Place[];
  /** What tells it from all others by itself, as it stands: message and frames then do not count. */
  kind?: string | undefined;
}

/** First 16 hex digits of sha256 over `type: message` (masked) and file + function (masked) of the first 3 in-app frames. */
export function fingerprint({ type, message, frames, kind }: FingerprintInput): string {
  if (kind !== undefined) return digest([type ?? '', kind]);
  return knownDigest(knownTemplate(canonicalNumbers(type ? `${type}: ${message}` : message)) + placesOf(frames));
}

const placesKnown = new WeakMap<readonly Place[], string>();

/** Each on a line of its own. */
function placesOf(frames: readonly Place[]): string {
  const before = placesKnown.get(frames);
  if (before !== undefined) return before;
  const places = frames
    .filter((frame) => frame.in_app)
    .slice(0, FRAMES)
    .map((frame) => `\n${maskedPlace(frame.file)} ${maskedPlace(frame.function ?? '')}`)
    .join('');
  placesKnown.set(frames, places);
  return places;
}

/** Messages that differ in numbers alone have one template, and the places of a program are few. */
const knownTemplate = remembered(templateOf, 500_000);
const maskedPlace = remembered(maskText, 200_000);
const knownDigest = remembered((said) => digest([said]), 500_000);

export interface LineFingerprint {
  fingerprint: string;
  template: string;
}

/** Lines that differ in numbers alone are computed once: the answer is the same, a log of a service says few different things. */
const known = new Map<string, LineFingerprint>();
const MOST_KNOWN = 5_000;
const LONGEST_KNOWN = 1_000;

/** One log line on its own: its prefix (time, level, logger, process) stripped, secrets out, the rest masked. */
export function fingerprintLine(line: string): LineFingerprint {
  const canonical = canonicalNumbers(line);
  const before = known.get(canonical);
  if (before !== undefined) return before;
  const { type, message } = parseLogLine(canonical);
  const said = errorTemplate(type, redact(message, { ips: true }));
  const computed = { fingerprint: digest([said]), template: said };
  if (canonical.length <= LONGEST_KNOWN) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(canonical, computed);
  }
  return computed;
}

/** What the same error says wherever it is told: `type: message` on one line, masked. */
export function errorTemplate(type: string | undefined, message: string): string {
  return templateOf(type ? `${type}: ${message}` : message);
}

function digest(parts: string[]): string {
  return hash('sha256', parts.join('\n'), 'hex').slice(0, 16);
}
