/** Log lines as production writes them: time, level, service, text; an error's stack below its line. */
import { appendFileSync } from 'node:fs';

/** @param {string | undefined} file standard error when none is given */
export function createLog(file) {
  const write = (level, text) => {
    const line = `${new Date().toISOString()} ${level} [orders] ${text}\n`;
    if (file === undefined) process.stderr.write(line);
    else appendFileSync(file, line);
  };
  return {
    info: (text) => write('INFO', text),
    error: (text, error) => write('ERROR', `${text}\n${error.stack}`),
  };
}
