/** Every text in a value redacted, keys left as they are: what somebody else has put together already. */
import { redact } from './redact.ts';

export function redactStrings<T>(value: T, options: { ips: boolean }): T {
  if (typeof value === 'string') return redact(value, options) as T;
  if (Array.isArray(value)) return value.map((inner) => redactStrings(inner, options)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactStrings(inner, options)])) as T;
}
