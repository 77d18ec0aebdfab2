/** Who decides, as the transitions record it: the name the machine knows the person by. */
import { userInfo } from 'node:os';

export function person(): string {
  try {
    return `person:${userInfo().username}`;
  } catch {
    return 'person:unknown'; // a container's user without an entry
  }
}
