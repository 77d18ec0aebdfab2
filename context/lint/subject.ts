/** What every part of the lint is given. */
import type { ProjectFiles } from '../detect/project-files.ts';
import type { Law } from '../law.ts';
import type { Places } from './places.ts';

export interface Subject {
  law: Law;
  places: Places;
  project: ProjectFiles;
  /** Law files with errors: their entries are missing in the law, and nothing may be concluded from that. */
  broken: ReadonlySet<string>;
}
