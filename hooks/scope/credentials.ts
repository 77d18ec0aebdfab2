/**
 * Files that hold keys of the user's, and that a fix never has to read: DESIGN promises that an agent has no
 * credentials in its environment, and these are where they would come from instead. What is not on the
 * lists may be read.
 */
import { basename, join } from 'node:path';
import { CREDENTIALS_IN_HOME } from '../../gate/credential-places.ts';
import { foldPath } from '../../gate/forbidden-paths.ts';
import { isInside } from './real-target.ts';

const OF_THE_SYSTEM = /^\/etc\/(g?shadow-?|ssl\/private(\/.*)?)$/;
// `.env` and `.env.local`, but not the samples that are committed for people to copy.
const DOTENV = /^\.env(\.(?!example$|sample$|template$|dist$|defaults$)[\w-]+)*$/;

/** The key of a running `serve`: with it a process decides in a person's place. */
const OF_SERVE = /^serve\.key\.json(\.new)?$/;

/** What a real path would show of the user's keys, as the rest of "… ", or undefined. */
export function showsCredentials(target: string, home: string): string | undefined {
  const folded = foldPath(target);
  const places = CREDENTIALS_IN_HOME.map((path) => foldPath(join(home, path)));
  if (places.some((place) => isInside(place, folded)) || OF_THE_SYSTEM.test(folded)) return 'holds credentials';
  if (OF_SERVE.test(basename(folded))) return 'holds credentials';
  if (DOTENV.test(basename(folded))) return 'may hold credentials';
  return undefined;
}
