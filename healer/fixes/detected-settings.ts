/** What a fix runs on where nobody has written settings yet: what was found and the defaults that matter, for a person to check. */
import type { Workbench } from '../workbench.ts';
import type { OpenFix } from './open-fix.ts';

/** One `name: value` each; `approved`: a person said yes to publishing in advance. Empty where a document of `.self-healing/` says anything. */
export function detectedSettings(
  { repository }: Pick<Workbench, 'repository'>,
  { law, base }: Pick<OpenFix, 'law' | 'base'>,
  { approved = false } = {},
): string[] {
  if (law.source !== 'defaults') return [];
  const { guardrails, approval } = law.config;
  const found = law.detection.why.find((line) => line.startsWith('Test command: ')) ?? '';
  const asks = approval.publish === 'ask' && !approved;
  const publishing = asks ? 'asks a person first' : approved ? 'approved in advance' : 'at once';
  return [
    `tests: ${found.slice('Test command: '.length).replace(/\.$/, '')}`,
    `base: ${base.branch ?? 'a commit of no branch'} (${base.commit.slice(0, 12)})`,
    `limits: ${guardrails.max_files_changed} source files, ${guardrails.max_lines_changed} lines; never ${guardrails.forbidden_paths.join(', ')}`,
    `publishing: ${publishing}`,
    `state: .self-healing/state.db, which git ignores; checkouts in ${repository.home}`,
  ];
}

const offered = new WeakSet<Workbench>();

/** For the model of a session, to hand on: the settings with each fix, and how to write them down once in its life. */
export function settingsNote(bench: Workbench, fix: Pick<OpenFix, 'law' | 'base'>): string[] {
  const settings = detectedSettings(bench, fix);
  if (settings.length === 0) return [];
  const offer = offered.has(bench) ? '' : ` ${OFFER}`;
  offered.add(bench);
  return [`No .self-healing/ is set up here, so what was found holds: ${settings.join('; ')}.${offer}`];
}

const OFFER = '`/self-healing:init` writes it down, for a person to read and correct.';
