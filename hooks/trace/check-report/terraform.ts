/** Errors of `terraform` and `tofu`: what is wrong, in which file, in which block. */
import type { ReadsReport } from './reading.ts';

const START = /^(?:│ )?Error: (\S.*)$/;
const PLACE = /^(?:│ )?\s{1,4}(?:on|with) (\S+?)(?: line \d+)?(?:, in (.+?))?[:,]?$/;
const FRAME = /^[╷╵]$/;

export const readTerraform: ReadsReport = (lines) => {
  if (!lines.some((line) => FRAME.test(line)) && !lines.includes('Success! The configuration is valid.')) return null;
  const failing: string[] = [];
  for (const line of lines) {
    const error = START.exec(line)?.[1];
    if (error !== undefined) failing.push(error);
    const place = PLACE.exec(line);
    const last = failing.at(-1);
    if (place && last !== undefined) failing[failing.length - 1] = [last, place[1], place[2]].filter(Boolean).join(' ');
  }
  return { failing: failing.map((name, at) => (failing.indexOf(name) === at ? name : `${name} (${at})`)) };
};
