/** What a simple command prints, where its words tell: used for `$(…)`, `echo text | sh` and process substitutions. */
import { join } from 'node:path';
import type { Place, SimpleCommand } from './command.ts';

/** Null when unknown. */
export function knownOutput(command: SimpleCommand, place: Place, temporary: string | undefined): string | null {
  const [program, ...words] = command.words;
  if (!program?.literal || command.redirects.some((redirect) => /^(>|>>|>\||&>|&>>)$/.test(redirect.operator)))
    return null;
  if (words.some((word) => !word.literal)) return null;
  const texts = words.map((word) => word.text);
  switch (program.text) {
    case 'echo':
      return echo(texts);
    case 'printf':
      return printf(texts);
    case 'cat':
      if (command.stdinUnknown || (texts.length > 0 && texts.join() !== '-')) return null;
      return command.stdin ?? null;
    case 'pwd':
      return command.folder ? `${command.folder}\n` : null;
    case 'git':
      return texts.join(' ') === 'rev-parse --show-toplevel' && place.toplevel ? `${place.toplevel}\n` : null;
    case 'mktemp':
      return mktemp(texts, temporary);
    case 'basename':
      return texts.length === 1 && texts[0] ? `${texts[0].replace(/\/+$/, '').replace(/^.*\//, '')}\n` : null;
    case 'dirname':
      return texts.length === 1 && texts[0] ? `${dirname(texts[0])}\n` : null;
    default:
      return null;
  }
}

function echo(texts: string[]): string | null {
  const plain = texts[0] === '-n' ? texts.slice(1) : texts;
  if (/^-[neE]+$/.test(plain[0] ?? '')) return null;
  // sh and bash differ on backslashes.
  const text = plain.join(' ');
  return text.includes('\\') ? null : `${text}${plain === texts ? '\n' : ''}`;
}

function printf([format = '', ...values]: string[]): string | null {
  if (format.startsWith('-')) return null;
  const text = format.replaceAll('\\n', '\n').replaceAll('\\t', '\t');
  if (text.includes('\\')) return null;
  const holes = text.replaceAll('%%', '').match(/%./g) ?? [];
  if (holes.some((hole) => hole !== '%s')) return null;
  if (holes.length === 0) return text.replaceAll('%%', '%');
  let printed = '';
  const rest = [...values];
  do printed += text.replace(/%[%s]/g, (hole) => (hole === '%%' ? '%' : (rest.shift() ?? '')));
  while (rest.length > 0);
  return printed;
}

/** The real name differs in its last letters, which no judgement of a path depends on. */
function mktemp(texts: string[], temporary: string | undefined): string | null {
  if (!temporary) return null;
  const options = texts.filter((text) => text.startsWith('-'));
  const operands = texts.filter((text) => !text.startsWith('-'));
  if (options.some((option) => !/^(-[dqtu]+|--directory|--quiet|--suffix=[\w.-]*)$/.test(option))) return null;
  const template = operands[0] ?? 'tmp.XXXXXXXXXX';
  if (operands.length > 1) return null;
  return `${template.includes('/') ? template : join(temporary, template)}\n`;
}

function dirname(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  const at = trimmed.lastIndexOf('/');
  return at < 0 ? '.' : at === 0 ? '/' : trimmed.slice(0, at);
}
