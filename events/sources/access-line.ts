/** Access log lines: a request and its status, in the common, combined and nginx formats and what web servers print alike. */
import type { Occurrence } from '../occurrence.ts';

const REQUEST = /"(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/[^\s"]{0,2000})(?: HTTP\/[\d.]{1,5})?" (\d{3})(?!\d)/;

/** The status and, for a failed request, what is known of it. */
export function readAccessLine(line: string): { status: number; occurrence: Occurrence } | undefined {
  const [, method, url = '', status] = REQUEST.exec(line.slice(0, 8000)) ?? [];
  if (method === undefined || status === undefined) return undefined;
  const endpoint = `${method} ${url.split(/[?#]/, 1)[0]}`;
  const occurrence = {
    type: `HTTP ${status}`,
    message: `${endpoint} answered ${status}`,
    endpoint,
    notActionable: 'an access log line says that a request failed, not why',
  };
  return { status: Number(status), occurrence };
}
