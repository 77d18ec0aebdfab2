/** What happened before the error, one line each, oldest first. */
import { parseTime } from '../../log-line/time.ts';
import type { SentryBreadcrumb } from './event-schema.ts';

const MAX_LINE = 400;
const MAX_VALUE = 120;

export function readBreadcrumbs(breadcrumbs: readonly SentryBreadcrumb[]): string[] {
  return breadcrumbs.map(toLine).filter((line) => line !== '');
}

function toLine({ timestamp, category, type, level, message, data }: SentryBreadcrumb): string {
  const said = [message, ...Object.entries(data ?? {}).map(([name, value]) => `${name}=${short(value)}`)];
  const words = said.filter(Boolean).join(' ');
  const kind = category ?? (type === 'default' ? undefined : type);
  if (words === '' && kind === undefined) return '';
  const rank = level === undefined || /^(?:info|log|debug)$/.test(level) ? undefined : level;
  return [parseTime(timestamp), kind && `[${kind}]`, rank, words].filter(Boolean).join(' ').slice(0, MAX_LINE);
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text;
}
