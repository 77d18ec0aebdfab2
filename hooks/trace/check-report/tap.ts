/** TAP, of whoever writes it. */
import { counted, type ReadsReport, withUnnamed } from './reading.ts';

const SIGNATURE = /^(?:TAP version \d|\s{0,40}(?:not )?ok \d+(?: |$)|1\.\.\d+)/;
const RESULT = /^\s{0,40}(?:not )?ok \d+/;
const NOT_OK = /^\s{0,40}not ok (\d+)(?: -)?\s*(.*)$/;
const EXCUSED = /# (?:TODO|SKIP)\b/i;
const FAIL = /^# fail\s+(\d+)$/;

export const readTap: ReadsReport = (lines) => {
  if (!lines.some((line) => SIGNATURE.test(line)) || !lines.some((line) => RESULT.test(line))) return null;
  const names = lines.flatMap((line) => {
    const found = NOT_OK.exec(line);
    if (!found || EXCUSED.test(line)) return [];
    return [found[2]?.trim() || `test ${found[1]}`];
  });
  return { failing: withUnnamed(names, counted(lines, FAIL) ?? 0) };
};
