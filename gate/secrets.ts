/**
 * Secrets and personal data in what is about to be published: source code that a fix adds, titles, reports. Maintained
 * rules (secretlint) know the tokens of vendors; rules of our own know what those leave out. Rates: docs/secrets.md.
 *
 * Where `redact` (events/redact.ts) takes too much from foreign text, this reports too little rather than too much: a
 * name beside a call or a type is no secret, a literal is. Linear in the length of the text; nothing leaves the machine.
 */
import { assignedSightings } from './secrets/assigned.ts';
import { authorizationSightings } from './secrets/authorization.ts';
import { bankAccountSightings } from './secrets/bank-account.ts';
import { cardSightings } from './secrets/card-number.ts';
import { emailSightings } from './secrets/email.ts';
import { joinLiterals } from './secrets/joined.ts';
import { librarySightings } from './secrets/library.ts';
import { phoneSightings } from './secrets/phone-number.ts';
import { keySightings } from './secrets/private-key.ts';
import type { Sighting } from './secrets/sighting.ts';
import { urlSightings } from './secrets/url-credentials.ts';
import { shapeSightings } from './secrets/vendor-shapes.ts';

export interface FoundSecret {
  /** In snake_case, such as `github_token`, `assigned_secret`, `email`. Never the text itself. */
  kind: string;
  /** UTF-16 units from the start of the text. */
  index: number;
}

/** Each place once, in the order they stand. `path` is that of the file the text is for; empty for prose. */
export async function findSecrets(text: string, path = ''): Promise<FoundSecret[]> {
  const sightings = await sightingsIn(text, path);
  const joined = joinLiterals(text);
  if (joined)
    for (const { start, end, ...rest } of await sightingsIn(joined.text, path))
      if (joined.spansJoint(start, end))
        sightings.push({ ...rest, start: joined.originOf(start), end: joined.originOf(end) });
  return apart(sightings).map(({ kind, start }) => ({ kind, index: start }));
}

/** Of those that overlap one: what is known by its shape before what is known by its name, then the first. */
function apart(sightings: readonly Sighting[]): Sighting[] {
  const inOrder = [...sightings].sort((a, b) => a.start - b.start);
  const kept = inOrder.filter(({ sure }) => sure).filter(startsAfterLast());
  const free = inOrder.filter(({ sure }) => !sure).filter(startsAfterLast());
  const all = [...kept, ...free].sort((a, b) => a.start - b.start);
  return all.filter((it, at) => it.sure || !(overlaps(it, all[at - 1]) || overlaps(it, all[at + 1])));
}

function startsAfterLast(): (sighting: Sighting) => boolean {
  let end = -1;
  return (sighting) => {
    if (sighting.start < end) return false;
    end = sighting.end;
    return true;
  };
}

function overlaps(one: Sighting, other: Sighting | undefined): boolean {
  return other !== undefined && one.start < other.end && other.start < one.end;
}

async function sightingsIn(text: string, path: string): Promise<Sighting[]> {
  return [
    ...(await librarySightings(text, path)),
    ...keySightings(text),
    ...shapeSightings(text),
    ...urlSightings(text),
    ...emailSightings(text, path),
    ...bankAccountSightings(text),
    ...phoneSightings(text),
    ...cardSightings(text),
    ...authorizationSightings(text),
    ...assignedSightings(text, path),
  ];
}
