/**
 * Errors that say that a program did what it should: it denied a request, or told its user of a mistake. They look alike
 * in every language, and a fix of one would be a hole. A person decides, with the filter that leaves them alone at hand.
 */
import { maskText } from '../../events/mask.ts';

export interface Expected {
  /** What it looks like. */
  kind: string;
  /** A regular expression for `triage.not_a_bug`. */
  filter: string;
}

const KINDS: readonly [kind: string, type: RegExp, message: RegExp][] = [
  [
    'a denied request',
    /^(?:Unauthori[sz]ed|Forbidden|PermissionDenied|AccessDenied|NotAuthenticated|AuthenticationFailed|InvalidCredentials|CSRF\w*|HTTP ?40[13])(?:Error|Exception)?$/i,
    /\b(?:40[13] (?:unauthori[sz]ed|forbidden)|invalid (?:username or password|credentials|password)|(?:wrong|incorrect) password|not authori[sz]ed to|permission denied for user|csrf token (?:missing|mismatch))/i,
  ],
  [
    'a mistake of a user',
    /^(?:Validation|Zod|BadRequest|NotFound|UnprocessableEntity|MethodNotAllowed|TooManyRequests|HTTP ?4(?:0[045]|22|29))(?:Error|Exception)?$/i,
    /\b(?:(?:400 bad request|404 not found|422 unprocessable|429 too many requests)\b|validation failed|is not a valid (?:email|date|number|url|phone)|rate limit exceeded)/i,
  ],
];

export function looksExpected({ type, message }: { type: string; message: string }): Expected | undefined {
  const name = type.split(/[.:\\]/).at(-1) ?? '';
  const found = KINDS.find(([, types, messages]) => types.test(name) || messages.test(message));
  return found && { kind: found[0], filter: filterFor(type, message) };
}

/** The words of the message, and anything in place of what changes from one to the next. */
function filterFor(type: string, message: string): string {
  const line = maskText((type ? `${type}: ${message}` : message).replace(/\s+/g, ' ').trim()).slice(0, 120);
  const words = line.split(/<(?:time|duration|id|n|addr|path|value)>|\[(?:ip|email|secret|phone|card|iban)\]/);
  return `^${words.map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('.*')}`;
}
