/** One line of text that code under test or a tool printed, fit to stand in a finding: plain, redacted, clipped. */
import { toPlainText } from '../events/plain-text.ts';
import { redact } from '../events/redact.ts';

export function foreignLine(text: string, limit = 200): string {
  const line = toPlainText(text).trim().split('\n', 1)[0] ?? '';
  const clean = redact(line.slice(0, 4 * limit), { ips: true }).replace(/[\t\r]+/g, ' ');
  return clean.length <= limit ? clean : `${clean.slice(0, limit)}…`;
}
