/** What every source is to this folder: a pure function from what came in to the errors that it tells. */
import type { Occurrence } from '../occurrence.ts';

/** Names in lower case, as Node gives them. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** Throws UserError (`bad_input`) naming the place where the text is not what this source sends. */
export type Reader = (text: string, headers: Headers) => Occurrence[];
