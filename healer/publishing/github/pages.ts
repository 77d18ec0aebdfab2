/** Reads a list page by page along GitHub's own links, and says when it stopped before the end. */
import type { z } from 'zod';
import type { Answer, GitHub, Request } from './client.ts';
import type { Problem } from './failure.ts';

export interface ListRequest<T> extends Omit<Request<T[]>, 'method' | 'answer' | 'repeatable'> {
  answer: z.ZodType<T[]>;
  /** At most this many pages of 100 are read. */
  pages: number;
  /** True for the first item that is no longer of interest in an ordered list: it and all after it are left out. */
  until?: (item: T) => boolean;
}

export type List<T> =
  | { status: 'ok'; items: T[] /** There is more than `pages` allowed to read. */; cut: boolean }
  | Problem;

export async function list<T>(github: GitHub, request: ListRequest<T>): Promise<List<T>> {
  const { pages, until, ...rest } = request;
  const items: T[] = [];
  let path = request.path;
  let parameters: Request<T[]>['parameters'] = { ...request.parameters, per_page: 100 };
  for (let page = 1; ; page++) {
    const answer: Answer<T[]> = await github.ask({ ...rest, method: 'GET', path, parameters });
    if (answer.status !== 'ok') return answer;
    const end = until === undefined ? -1 : answer.data.findIndex(until);
    items.push(...(end === -1 ? answer.data : answer.data.slice(0, end)));
    if (end !== -1 || answer.next === undefined) return { status: 'ok', items, cut: false };
    if (page >= pages) return { status: 'ok', items, cut: true };
    [path, parameters] = [answer.next, {}];
  }
}
