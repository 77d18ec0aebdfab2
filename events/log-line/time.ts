/** Times as logs write them, turned into ISO 8601 in UTC. A time without a zone is taken as UTC. */

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** Undefined for what carries no full date (a clock alone, a syslog date without year) or is no plausible time. */
export function parseTime(value: unknown): string | undefined {
  if (typeof value === 'number') return iso(epochMs(value));
  if (typeof value !== 'string' || value.length > 80) return undefined;
  const text = value.trim();
  if (/^\d{9,19}(?:\.\d+)?$/.test(text)) return iso(epochMs(Number(text)));

  const numeric =
    /^(\d{4})[-/.](\d{2})[-/.](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,](\d{1,9}))?)? ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?/.exec(
      text,
    );
  if (numeric) {
    const [, year, month, day, hour, minute, second, fraction, zone] = numeric;
    return build(Number(year), Number(month), Number(day), [hour, minute, second, fraction], zone);
  }
  const access = /^(\d{1,2})[/ -]([A-Za-z]{3})[a-z]{0,6}[/ -](\d{4})[: ](\d{2}):(\d{2}):(\d{2}) ?([+-]\d{4})?/.exec(
    text,
  );
  if (access) {
    const [, day, month, year, hour, minute, second, zone] = access;
    return build(Number(year), monthOf(month), Number(day), [hour, minute, second], zone);
  }
  // JavaScript's own `toString` and `toUTCString`, which name the day first.
  if (/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? .*\b\d{4}\b/.test(text))
    return iso(Date.parse(text.replace(/ \(.*$/, '')));
  return undefined;
}

type Clock = [hour?: string, minute?: string, second?: string, fraction?: string];

function build(year: number, month: number, day: number, [hour, minute, second, fraction]: Clock, zone?: string) {
  const ms = Number((fraction ?? '').slice(0, 3).padEnd(3, '0'));
  const local = Date.UTC(year, month - 1, day, Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), ms);
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '');
  if (!offset) return iso(local);
  const minutes = Number(offset[2]) * 60 + Number(offset[3]);
  return iso(local - (offset[1] === '-' ? -1 : 1) * minutes * 60_000);
}

function monthOf(name = ''): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. */
function epochMs(value: number): number {
  if (value < 1e11) return value * 1e3;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}

const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

function iso(ms: number): string | undefined {
  return ms >= EARLIEST && ms < LATEST ? new Date(ms).toISOString() : undefined;
}
