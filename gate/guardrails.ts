/**
 * Check 0: what a fix may be at all, told from its diff alone, before anything runs. Nothing here can be lifted from
 * within the fix: the limits are the base's.
 */
import { tryGit } from '../context/git.ts';
import type { Config } from '../context/schemas/config.ts';
import { classifier } from './change-kind.ts';
import type { Change, LineChanges } from './changes.ts';
import { type Diagnosis, judgeDiagnosis, judgeSize } from './guardrails/limits.ts';
import { findHiddenForbidden, judgeModes, judgePaths } from './guardrails/paths.ts';
import { judgeSecrets } from './guardrails/secrets.ts';
import { judgeSourceSigns } from './guardrails/source-signs.ts';
import { judgeSwallowedErrors } from './guardrails/swallowed-errors.ts';
import { COMMENT, judgeTestValues } from './guardrails/test-values.ts';
import { type JudgedCheck, type JudgedFinding, judge } from './judged-finding.ts';
import { findTampering } from './tampering.ts';
import { blobText } from './tree.ts';
import { type Workspace, workspaceOptions } from './workspace.ts';

export interface GuardrailsInput {
  workspace: Workspace;
  /** The worktree. */
  folder: string;
  base: string;
  fix: string;
  changes: readonly Change[];
  lines: LineChanges;
  config: Pick<Config, 'guardrails' | 'tests' | 'worktree'>;
  /** `fix`: an incident is healed. `change`: any change is judged; size, diagnosis and scope are not asked for. */
  mode: 'fix' | 'change';
  diagnosis: Diagnosis | undefined;
  /** Findings of others that belong to this check: the main checkout, additions to the law. */
  others: readonly JudgedFinding[];
}

export async function checkGuardrails(input: GuardrailsInput): Promise<JudgedCheck> {
  const { changes, config, diagnosis, lines, mode, workspace } = input;
  const findings: JudgedFinding[] = [
    ...judgePaths(changes, config.guardrails.forbidden_paths),
    ...judgeModes(changes),
    ...(await judgeSecrets(lines.added, changes)),
    ...(await judgeSwallowedErrors(changes, lines.added, (blob) => blobText(workspace, blob))),
    ...(await judgeSourceSigns({
      changes,
      lines,
      diagnosis,
      edits: config.tests.edits,
      read: (blob) => blobText(workspace, blob),
    })),
    ...(await judgeTestValues(changes, lines.added, (text) => isInSource(input, text))),
    ...(await findTampering(input)),
    ...input.others,
  ];
  if (mode === 'fix')
    findings.push(
      ...judgeDiagnosis(changes, config.guardrails, diagnosis),
      ...judgeSize(changes, config.guardrails, diagnosis),
      ...(await findHiddenForbidden(workspace, input.folder, input.fix, config.worktree.link)),
    );
  return judge(findings);
}

/** Whether code of the base, tests and comments apart, holds this text. */
async function isInSource({ workspace, base, config }: GuardrailsInput, text: string): Promise<boolean> {
  const word = /^[-\d.]+$/.test(text) ? ['-w'] : [];
  const args = ['grep', '-I', '-z', '--fixed-strings', ...word, '-e', text, base];
  const { stdout } = await tryGit(args, workspaceOptions(workspace));
  const kindOf = classifier(config.tests.paths);
  return stdout.split('\n').some((found) => {
    const [name = '', line = ''] = found.split('\0');
    return name !== '' && !COMMENT.test(line) && kindOf(name.slice(name.indexOf(':') + 1)) === 'source';
  });
}
