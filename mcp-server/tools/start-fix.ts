import { z } from 'zod';
import { UserError } from '../../events/errors.ts';
import { startFix } from '../../healer/fixes/start-fix.ts';
import { pausedBy } from '../../healer/heal/pause.ts';
import { tool } from '../tool.ts';
import { incidentField } from './fields.ts';

export const startFixTool = tool({
  name: 'start_fix',
  title: 'Start a fix',
  description:
    'Opens the worktree of an incident and answers with its path, the base commit and the context block. Call it first; work only inside that worktree. Calling it again changes nothing.',
  input: z.strictObject({ incident: incidentField }),
  output: z.object({
    worktree: z.string(),
    branch: z.string(),
    base_commit: z.string(),
    context: z.string(),
    /** The client hands a model only this data, so what the text warns of stands here too. */
    warnings: z.array(z.string()),
  }),
  annotations: { readOnlyHint: false, idempotentHint: true },
  binding: 'binds',
  async run({ incident }, { bench, signal }) {
    const paused = bench.role === 'session' ? pausedBy(bench.repository.root, process.env) : undefined;
    if (paused !== undefined)
      throw new UserError(
        `Nothing is started: self-healing is paused, because ${paused}.`,
        'Tell the person; `self-healing resume` ends it.',
        'not_allowed',
      );
    const fix = await startFix(bench, { incident, signal });
    const warnings = fix.warnings.map((warning) => `Note: ${warning}\n`).join('');
    return {
      text: `Worktree: ${fix.worktree}\nBase: ${fix.base.commit}\n${warnings}\n${fix.context}`,
      value: {
        worktree: fix.worktree,
        branch: fix.branch,
        base_commit: fix.base.commit,
        context: fix.context,
        warnings: fix.warnings,
      },
    };
  },
});
