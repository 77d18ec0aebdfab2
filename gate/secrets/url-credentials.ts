/** `scheme://user:password@host` in any scheme, where password and host are neither examples nor of this machine alone. */
import { isRealHost } from './host.ts';
import { isExampleValue } from './placeholder.ts';
import type { Sighting } from './sighting.ts';
import { isTemplate } from './template.ts';

const URL_CREDENTIALS = /:\/\/([^\s/@:"'<>`]{0,100}):([^\s/@"'<>`]{1,200})@([\w.-]{0,100})/g;

export function urlSightings(text: string): Sighting[] {
  const found: Sighting[] = [];
  for (const { 0: match, 1: user = '', 2: password = '', 3: host = '', index } of text.matchAll(URL_CREDENTIALS)) {
    if (!isRealHost(host) || isTemplate(password) || isExampleValue(password) || password === user) continue;
    found.push({ kind: 'url_credentials', start: index, end: index + match.length, sure: true });
  }
  return found;
}
