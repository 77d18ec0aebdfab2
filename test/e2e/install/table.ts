/** What `npm run test:install` is told about each installation, one line of JSON each. */
import { appendFile } from 'node:fs/promises';

const file = process.env.SELF_HEALING_INSTALL_TABLE;

/** In CI the most telling part of the matrix is run. */
export const isFullMatrix = file !== undefined;

export interface Installation {
  node: string;
  way: string;
  /** Of the command that installs; absent where there is none. */
  seconds?: number | undefined;
  bytes?: number;
}

export async function note(installation: Installation): Promise<void> {
  if (file !== undefined) await appendFile(file, `${JSON.stringify(installation)}\n`);
}
