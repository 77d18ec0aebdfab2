/** How a run is announced: what stands in the index, and who writes the lines. */
import type { LoopRule } from '../../../../../hooks/rules.ts';
import type { Project } from './projects.ts';
import { type Options, Session } from './session.ts';

export interface Scene {
  entry: Record<string, unknown>;
  text: string;
}
interface Told extends Options {
  about: string;
  in: Project;
}

const PROVENANCE = 'written by hand from experience with coding agents, before any measurement';

export function circling(
  file: string,
  pattern: string,
  rule: LoopRule,
  { about, in: project, ...options }: Told,
  play: (run: Session) => void,
): Scene {
  const run = new Session(file, project, options);
  play(run);
  const by_step = Math.min(run.by, run.lines.length);
  const entry = { file: `${file}.jsonl`, label: 'loop', rule, from_step: run.from, by_step };
  return { entry: { ...entry, pattern, provenance: PROVENANCE, about }, text: run.text() };
}

export function honest(
  file: string,
  pattern: string,
  near: LoopRule,
  { about, in: project, ...options }: Told,
  play: (run: Session) => void,
): Scene {
  const run = new Session(file, project, options);
  play(run);
  const entry = { file: `${file}.jsonl`, label: 'legitimate', near, pattern, provenance: PROVENANCE, about };
  return { entry, text: run.text() };
}
