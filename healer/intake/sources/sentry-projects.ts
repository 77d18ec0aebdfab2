/** `sources.sentry.projects`: which projects of Sentry this repository is responsible for; all, where none is named. */
import type { Config } from '../../../context/schemas/config.ts';
import type { ErrorEvent } from '../../../events/event.ts';

/** Why an event is left alone. */
export function ofOtherProject({ labels, service }: ErrorEvent, { sources }: Config): string | undefined {
  const { projects } = sources.sentry;
  const project = labels?.project ?? service;
  if (projects.length === 0 || (project !== undefined && projects.includes(project))) return undefined;
  return `it is of the project ${project ?? 'unknown'}, which sources.sentry.projects does not name`;
}
