/** Answers of the loopback GitHub, in the shapes of GitHub's own. */

export interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

const DOCS = 'https://docs.github.com/rest';

export function ok(body: unknown, headers: Record<string, string> = {}): Reply {
  return { status: 200, body, headers };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

export function refusal(
  status: number,
  message: string,
  documentation_url = DOCS,
  headers: Record<string, string> = {},
): Reply {
  return { status, headers, body: { message, documentation_url, status: String(status) } };
}

export interface Objection {
  resource: string;
  code: 'missing_field' | 'invalid' | 'already_exists' | 'custom';
  field?: string;
  message?: string;
}

export function invalid(documentation_url: string, ...errors: Objection[]): Reply {
  return { status: 422, body: { message: 'Validation Failed', errors, documentation_url, status: '422' } };
}

/** One page of a list, with the `link` header GitHub adds when there is more than one. */
export function page<T>(items: T[], path: string, query: URLSearchParams, shape: (item: T) => unknown): Reply {
  const size = Math.min(100, Number(query.get('per_page') ?? 30));
  const number = Number(query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const at = (target: number, rel: string) => {
    const parameters = new URLSearchParams(query);
    parameters.set('page', String(target));
    return `<${path}?${parameters}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [at(number - 1, 'prev')] : []),
    ...(number < last ? [at(number + 1, 'next'), at(last, 'last')] : []),
    ...(number > 1 ? [at(1, 'first')] : []),
  ];
  const link: Record<string, string> = links.length === 0 ? {} : { link: links.join(', ') };
  return ok(items.slice((number - 1) * size, number * size).map(shape), link);
}
