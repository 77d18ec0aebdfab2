/** A hand-over in a few lines of a chat or mail: what happened, what was tried, what to decide, where the report is. */
import { oneLine } from '../../events/plain-text.ts';
import type { HandOverNotice } from './channel.ts';

/** How a channel writes: both get one line. */
export interface Dress {
  strong(text: string): string;
  /** Text of others, names and commands: nothing in it acts. */
  foreign(text: string): string;
}

const MARKS: Record<string, string> = { critical: '🔴', high: '🟠', medium: '🟡', low: '⚪' };

export function noticeTitle({ record, repository, rolledBack }: HandOverNotice): string {
  return `${record.incident} of ${oneLine(repository, 60)} ${rolledBack ? 'is rolled back' : 'needs a decision'}`;
}

export function noticeText(notice: HandOverNotice, { strong, foreign }: Dress): string {
  const { payload, record, repository, rolledBack } = notice;
  const { incident, severity, service, error, files, count } = record;
  const { attempts, failure_mode, failure_summary, needs, report, branch } = payload;
  const said = (text: string, most: number) => foreign(oneLine(text, most) || '(nothing was said)');
  const mode = failure_mode === null ? '' : ` (${foreign(oneLine(failure_mode, 40))})`;
  const where = [
    ...(files[0] === undefined ? [] : [`in ${said(files[0], 120)}`]),
    ...(service ? [`of ${said(service, 60)}`] : []),
  ].join(' ');
  const seen = count === 1 ? 'seen once' : `seen ${count} times`;
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const best = branch === undefined ? 'no patch is kept as a branch' : `best patch: ${foreign(`git show ${branch}`)}`;
  const happened = `${MARKS[severity] ?? '⚪'} ${said(error, 200)}${where && ` ${where}`}, ${seen}`;
  const look = `${strong('Report:')} ${foreign(report)}, or ${foreign(`self-healing show ${incident}`)}`;
  if (rolledBack)
    return [
      `↩️ The fix of ${strong(incident)} is rolled back (${said(repository, 60)})`,
      happened,
      `${strong('Why:')} ${said(failure_summary, 600)}`,
      `${strong('Do:')} ${said(needs, 600)}`,
      look,
    ].join('\n');
  return [
    `🙋 ${strong(incident)} needs you (${said(repository, 60)})`,
    happened,
    `${strong('Decide:')} ${said(needs, 600)}`,
    `${strong('Why it stopped:')} ${said(failure_summary, 400)}${mode}`,
    `${strong('Tried:')} ${tries}; ${best}`,
    look,
    `${foreign(`self-healing retry ${incident}`)} tries again, ${foreign(`self-healing cancel ${incident}`)} ends it.`,
  ].join('\n');
}
