/**
 * Private keys, also those that the library lets pass because their end is missing: a header followed by at least one
 * line of the key, over the line ends, quotes, list commas and comment signs of any language.
 */
import type { Sighting } from './sighting.ts';

const BETWEEN = '(?:\\\\[nr]|[\\s\'"`+,#*/>|]){1,60}';
const PEM = new RegExp(
  `-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----${BETWEEN}(?:Proc-Type:|Version:|Comment:|[A-Za-z0-9+/=]{24})`,
  'g',
);
const PUTTY = /\bPuTTY-User-Key-File-\d: \S{3,40}(?=[\s\S]{0,400}\bPrivate-Lines: \d)/g;

export function keySightings(text: string): Sighting[] {
  return [...text.matchAll(PEM), ...text.matchAll(PUTTY)]
    .filter(({ 0: match }) => !/(.)\1{9}$/.test(match))
    .map(({ 0: match, index }) => ({ kind: 'private_key', start: index, end: index + match.length, sure: true }));
}
