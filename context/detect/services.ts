/** Services of a project: folders that are built into an image of their own. */
import { posix } from 'node:path';

export interface DetectedService {
  name: string;
  /** Globs of its files. */
  paths: string[];
  why: string;
}

export function detectServices(paths: readonly string[]): DetectedService[] {
  return paths
    .filter((path) => /^(?:[^/]+\/){1,3}Dockerfile$/.test(path))
    .map((path) => {
      const folder = posix.dirname(path);
      return { name: posix.basename(folder), paths: [`${folder}/**`], why: `there is a ${path}` };
    });
}
