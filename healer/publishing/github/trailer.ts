/** The trailer by which pull requests and commits are known again: one exact line `Self-Healing-Incident: INC-<fp>/<round>`. */
import { INCIDENT_TRAILER } from '../commit.ts';

export interface Trailer {
  incident: string;
  round: number;
}

const LINE = new RegExp(`^${INCIDENT_TRAILER}: (INC-[0-9a-f]{16})/([1-9]\\d{0,8})$`);

/** All trailers of a text, in the order they stand. GitHub's web forms end lines with CR LF. */
export function trailersIn(text: string): Trailer[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, incident, round] = LINE.exec(line) ?? [];
    return incident === undefined ? [] : [{ incident, round: Number(round) }];
  });
}
