/** What a fix adds to the living context, read from its tree, and the findings about additions that are none. */
import { git } from '../context/git.ts';
import { type Additions, isLawFile, type Law, readAdditions, type Violation } from '../context/law.ts';
import type { Change } from './changes.ts';
import type { JudgedFinding } from './judged-finding.ts';
import { entriesOf } from './tree.ts';
import { type Workspace, workspaceOptions } from './workspace.ts';

export interface JudgedAdditions {
  added: Additions['added'];
  findings: JudgedFinding[];
}

export async function judgeAdditions(
  workspace: Workspace,
  law: Law,
  fix: string,
  changes: readonly Change[],
  mode: 'fix' | 'change',
): Promise<JudgedAdditions> {
  const entries = await entriesOf(workspace, fix, '.self-healing');
  const blobs = new Map(entries.filter(({ mode }) => mode.startsWith('100')).map(({ path, id }) => [path, id]));
  const { added, violations } = await readAdditions(law, {
    paths: [...blobs.keys()],
    read: async (path) => {
      const id = blobs.get(path);
      if (id === undefined) return undefined;
      const bytes = await git(['cat-file', 'blob', id], { ...workspaceOptions(workspace), encoding: 'latin1' });
      return Buffer.from(bytes, 'latin1');
    },
  });
  const foreign = mode === 'fix' ? foreignFiles(changes) : []; // people keep reports and notes there
  return { added, findings: [...violations.map((found) => toFinding(found, mode)), ...foreign] };
}

/** Weakening the law is tampering; an entry that does not parse can be corrected. */
function toFinding({ code, message, file, line }: Violation, mode: 'fix' | 'change'): JudgedFinding {
  const invalid = code === 'context.invalid';
  const weakened =
    mode === 'fix'
      ? `Restore ${file} as it was on the base; add entries with edit_context under ids of their own.`
      : `Restore ${file} as it was on the base, or let a person review this change of the law by itself.`;
  return {
    severity: invalid ? 'fail' : 'refuse',
    code,
    message,
    file,
    line,
    next: invalid
      ? `Correct the entry (edit_context writes valid ones), or restore ${file} as it was on the base.`
      : `${weakened} No setting lifts this.`,
  };
}

/** Context entries count against no limit, so that nothing else may hide among them. */
function foreignFiles(changes: readonly Change[]): JudgedFinding[] {
  return changes
    .filter(({ kind, path, status }) => kind === 'context' && status !== 'D' && !isLawFile(path))
    .map(({ path }) => ({
      severity: 'fail',
      code: 'guardrails.foreign_context_file',
      message: `${path} is no document of the living context.`,
      file: path,
      next: `Remove ${path}; below .self-healing/ only the YAML documents belong to a fix.`,
    }));
}
