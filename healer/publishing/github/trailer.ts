/** The trailer by which pull requests and commits are known again: one exact line `Self-Healing-Incident: INC-<fp>/<round>`. */
import { INCIDENT_TRAILER } from '../commit.ts';

export interface Trailer {
  incident: string;
  round: number;
}

/** GitHub's web forms end lines with CR LF. */
const LINE = new RegExp(`^${INCIDENT_TRAILER}: (INC-[0-9a-f]{16})/([1-9]\\d{0,8})\\r?$`, 'gm');

/** All trailers of a text, in the order they stand. */
export function trailersIn(text: string): Trailer[] {
  return [...text.matchAll(LINE)].map(([, incident = '', round]) => ({ incident, round: Number(round) }));
}
