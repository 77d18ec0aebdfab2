/** Mail addresses of people; those of functions, of examples, and of who wrote a file pass. */
import { isRealHost } from './host.ts';
import type { Sighting } from './sighting.ts';

const EMAIL = /(?<![\w.+@/-])(\w[\w.%+-]{0,63})@((?:[A-Za-z0-9-]{1,63}\.){1,6}([A-Za-z]{2,24}))(?![\w@-])(:\/)?/g;
/** Addresses of functions, and the people of examples. */
const NOBODY = new Set(
  `git ssh noreply no-reply donotreply do-not-reply npm root admin administrator postmaster webmaster hostmaster abuse
   security support help helpdesk info contact hello hi sales billing legal privacy press jobs careers team office
   feedback service newsletter notification notifications mail email e-mail user username you me name nobody test tester
   testing testuser demo example sample dummy fake foo foobar bar baz qux abc xyz john jane doe johndoe janedoe john.doe
   jane.doe john_doe jane_doe j.doe john.smith jane.smith alice bob eve customer client buyer guest owner sender recipient
   from to src dst source dest target invalid x-oauth-basic x-access-token`.split(/\s+/),
);
/** `my.name`, `firstname.lastname`, `not-an-email`, and what a hand does on a keyboard. */
const NOBODY_LIKE = /^(?:your|my|some|any|asd|lkj|first|not[._-]?an?)[\w.-]*$|^(\w)\1*$/;

function isNobody(local: string): boolean {
  const name = local.toLowerCase().replace(/\+.*$/, '');
  const plain = name.replace(/[\d_-]+$/, '');
  return plain === '' || NOBODY.has(name) || NOBODY.has(plain) || NOBODY_LIKE.test(plain);
}

/** `icon@2x.png`, `lodash@4.17.21.tgz`. */
const FILE_ENDING =
  /^(?:png|jpe?g|gif|svg|webp|avif|ico|[cm]?[jt]sx?|s?css|less|json|map|html?|xml|ya?ml|txt|tgz|gz|zip|so|dll|exe|vue|svelte)$/i;
/** Who wrote a file or a commit stands there by their own will. */
const ATTRIBUTION =
  /@author|@license|copyright|\(c\)|©|-by:|"?(?:author|maintainer|contributor|bugs)s?"?\s*[:=(]|"email"|SPDX-|licen[cs]ed|maintained by|written by|contact:/i;

/** Files that are there to name people. */
const ATTRIBUTION_FILE =
  /(?:^|\/)(?:authors|contributors|maintainers|credits|thanks|licen[cs]e|copying|notice|codeowners|code_of_conduct|security|changelog|\.mailmap|package\.json|composer\.json|pyproject\.toml|setup\.(?:py|cfg)|cargo\.toml|pom\.xml|[\w.-]+\.gemspec)(?:[-.][\w.-]*)?$/i;

export function emailSightings(text: string, path: string): Sighting[] {
  if (ATTRIBUTION_FILE.test(path)) return [];
  const found: Sighting[] = [];
  for (const { 0: match, 1: local = '', 2: host = '', 3: ending = '', 4: scp, index } of text.matchAll(EMAIL)) {
    if (scp || isNobody(local) || FILE_ENDING.test(ending) || !isRealHost(host)) continue;
    // The end of `scheme://user:password@host` is not an address, nor is an ssh remote.
    if (
      /:\/\/[^\s@]{0,100}:$/.test(text.slice(Math.max(0, index - 103), index)) ||
      /^:[\w~]+\//.test(text.slice(index + match.length, index + match.length + 40))
    )
      continue;
    if (ATTRIBUTION.test(textBefore(text, index))) continue;
    found.push({ kind: 'email', start: index, end: index + match.length, sure: true });
  }
  return found;
}

/** Not only its line: names and addresses run over several lines of a header. */
function textBefore(text: string, index: number): string {
  return text.slice(Math.max(0, index - 200), index);
}
