/** Workflow commands of GitHub Actions: each finding becomes an annotation at its file and line. */
import { liftedBy } from '../../gate/lift.ts';
import { CHECK_NAMES, type CheckStatus, type Verification } from '../../gate/verification.ts';

const LEVELS: Record<CheckStatus, 'error' | 'warning' | 'notice'> = {
  fail: 'error',
  refuse: 'error',
  warn: 'warning',
  pass: 'notice',
  skipped: 'notice',
};

export function annotations(verification: Verification): string {
  const lines = CHECK_NAMES.flatMap((name) => {
    const { status, findings } = verification.checks[name];
    return findings.map(({ code, message, file, line, next, lift }) => {
      const text = `${message}\nNext: ${next}${lift === undefined ? '' : `\n${liftedBy(lift)}`}`;
      return annotation({ level: LEVELS[status], file, line, title: code, text });
    });
  });
  const statuses = CHECK_NAMES.map((name) => `${name} ${verification.checks[name].status}`).join(', ');
  return [...lines, data(`self-healing: ${verification.verdict} (${statuses})`)].join('\n');
}

interface Annotation {
  level: 'error' | 'warning' | 'notice';
  file?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
  title: string;
  text: string;
}

/** One workflow command. */
export function annotation({ level, file, line, column, title, text }: Annotation): string {
  const where = [
    ...(file ? [`file=${property(file)}`] : []),
    ...(line ? [`line=${line}`] : []),
    ...(column ? [`col=${column}`] : []),
  ];
  return `::${level} ${[...where, `title=${property(title)}`].join(',')}::${data(text)}`;
}

/** A line of foreign text cannot become a command: what ends one, or begins one, is encoded. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
