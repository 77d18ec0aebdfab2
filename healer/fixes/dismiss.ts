/** The tool `dismiss_incident`: nothing is to be fixed here. Provisional until a person confirms it. */
import { UserError } from '../../events/errors.ts';
import type { Workbench } from '../workbench.ts';
import { endSessionRun } from './end-run.ts';
import type { OpenFix } from './open-fix.ts';
import { closeFix, requireFix } from './require-fix.ts';

export type DismissVerdict = 'not_a_bug' | 'already_fixed' | 'third_party' | 'flaky' | 'duplicate';

export interface DismissRequest {
  incident: string;
  verdict: DismissVerdict;
  reason: string;
  suggestion: string;
}

/** Throws UserError `not_allowed` for `already_fixed` and `flaky` without runs of this process that show it. */
export async function dismiss(bench: Workbench, request: DismissRequest): Promise<void> {
  const fix = await requireFix(bench, request.incident);
  requireRuns(fix, request.verdict);
  const said = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 500);
  const moved = await bench.incidents.transition({
    incident: fix.incident,
    to: 'dismissed',
    from: ['healing'],
    who: 'agent',
    why: `${request.verdict}: ${said(request.reason)}${request.suggestion ? ` (suggestion: ${said(request.suggestion)})` : ''}`,
  });
  if (!moved.ok)
    throw new UserError(`${fix.incident} changed its state meanwhile.`, 'Stop working on it.', 'not_allowed');
  endSessionRun(bench, fix, null);
  await closeFix(bench, fix.incident);
}

/** What was run for this fix, on the base and on the release that the incident names, has to say so itself. */
function requireRuns(fix: OpenFix, verdict: DismissVerdict): void {
  if (verdict !== 'already_fixed' && verdict !== 'flaky') return;
  const own = fix.baseRuns.filter((run) => run.incident === fix.incident);
  const outcomes = new Set(own.map(({ status }) => status));
  if (verdict === 'already_fixed' && fix.seenFixed) return;
  if (verdict === 'already_fixed' && own.length > 0 && outcomes.size === 1 && outcomes.has('passed')) return;
  if (verdict === 'flaky' && (outcomes.has('flaky') || (outcomes.has('passed') && outcomes.has('failed')))) return;
  throw new UserError(
    verdict === 'already_fixed'
      ? `"already_fixed" needs a run: the scenario of ${fix.incident} has to pass on the base.`
      : `"flaky" needs runs: the scenario of ${fix.incident} has to pass and to fail on the same base.`,
    `Record the reproduction with edit_context (incident ${fix.incident}) and call run_scenarios with incident and at: base${verdict === 'flaky' ? ', several times' : ''}.`,
    'not_allowed',
  );
}
