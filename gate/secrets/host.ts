/** Hosts that are somebody's: not reserved for examples, not this machine, not the name a compose file gives a service. */

/** RFC 2606, RFC 6761 and RFC 8375 names, and addresses of this machine. */
const RESERVED =
  /(?:^|\.)(?:example(?:\.[a-z]{2,6}){0,2}|test|invalid|localhost|local|localdomain|internal|lan|home\.arpa|users\.noreply\.github\.com)$|^(?:127\.|0\.0\.0\.0|$)/i;

/** Names that documentation and tests use as if they were reserved. */
const MADE_UP =
  /(?:^|\.)(?:(?:your|my)[\w-]*|acme|foo|bar|baz|foobar|domain|company|corp|site|website|host(?:name)?|mail|e-?mail|server|some\w*|any\w*|test\w*|sample\w*|dummy\w*|fake\w*|demo\w*|contoso|fabrikam|xyz|abc|[a-z0-9])\.[a-z]{2,10}$|^(?:host(?:name)?|server|proxy|registry|db|database|postgres(?:ql)?|pg|mysql|mariadb|mongo(?:db)?|redis|rabbitmq|cache|broker|queue|app|api|web)\d?$/i;

export function isRealHost(host: string): boolean {
  return !RESERVED.test(host) && !MADE_UP.test(host);
}
