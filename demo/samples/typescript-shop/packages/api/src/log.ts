import { appendFileSync } from 'node:fs';

const file = process.env.LOG_FILE;

export function log(level: 'INFO' | 'ERROR', text: string): void {
  const line = `${new Date().toISOString()} ${level} [shop] ${text}\n`;
  if (file === undefined) process.stderr.write(line);
  else appendFileSync(file, line);
}
