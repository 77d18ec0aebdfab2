/**
 * Handlers of every error that pass none on: they answer a literal, or do no more than write a log. Those that do nothing
 * at all are found by swallowed-errors.ts.
 */

const LOG =
  /^(?:(?:[\w$]+\.){0,4}(?:console|log|logger|logging|LOG|LOGGER)\.\w+\s*\(.*\)|print\(.*\)|\w+\.printStackTrace\(\))\s*;?$/;
const PASSES_ON = /(?<![\w$])(?:throw|raise|reject|panic)\b|\bnext\s*\(\s*\w|\bexit\s*\(/;

/** Offsets at which such handlers begin. `literal` is the pattern of a default. */
export function errorDefaults(path: string, text: string, literal: string): number[] {
  if (/\.pyi?$/i.test(path)) return pythonHandlers(text, literal);
  if (/\.go$/i.test(path)) return [...text.matchAll(/(?<![\w.])recover\s*\(\s*\)/g)].map(({ index }) => index);
  const answers = new RegExp(String.raw`(?<![\w$.])return\s+${literal}(?:\s+as\s+[\w<>[\], ]+)?\s*(?:;|$)`, 'm');
  const java = /\.java$/i.test(path);
  const clause = java
    ? /\bcatch\s*\(\s*(?:final\s+)?(?:Exception|Throwable|RuntimeException|Error)\s+\w+\s*\)\s*\{/g
    : /\bcatch\s*(?:\([^()]{0,200}\)\s*)?\{/g;
  const found: number[] = [];
  for (const match of text.matchAll(clause)) {
    const body = bodyFrom(text, match.index + match[0].length);
    if (PASSES_ON.test(body) || !(answers.test(body) || onlyLogs(body, literal))) continue;
    if (!saysSo(text.slice(Math.max(0, match.index - 3_000), match.index), body)) found.push(match.index);
  }
  if (java) return found;
  const callback = new RegExp(
    String.raw`\.\s*catch\s*\(\s*(?:async\s+)?(?:\([^()]{0,200}\)|[\w$]+)\s*=>\s*\(?\s*(?!undefined\b|null\b|void 0)${literal}\s*\)?\s*\)`,
    'g',
  );
  return [...found, ...[...text.matchAll(callback)].map(({ index }) => index)].sort((a, b) => a - b);
}

/** `except:` and `except Exception:` whose lines neither raise nor do more than answer a value or log. */
function pythonHandlers(text: string, literal: string): number[] {
  const found: number[] = [];
  const clause =
    /^([ \t]*)except(?:[ \t]*\(?[ \t]*(?:[\w.]+[ \t]*,[ \t]*)*(?:Base)?Exception\b[^:\n]*)?[ \t]*:([^\n]*)$/gm;
  for (const match of text.matchAll(clause)) {
    const [whole, indent = '', rest = ''] = match;
    const lines = [rest];
    for (const line of text.slice(match.index + whole.length + 1).split('\n', 40)) {
      if (line.trim() !== '' && !(line.startsWith(indent) && /^[ \t]/.test(line.slice(indent.length)))) break;
      lines.push(line);
    }
    const body = lines.join('\n').replace(/#[^\n]*/g, '');
    if (!PASSES_ON.test(body) && (/(?<![\w.])return\s+\S/.test(body) || onlyLogs(body, literal)))
      found.push(match.index);
  }
  return found;
}

/** Nothing is answered, by a function whose type says that nothing may be: whoever calls it has to handle that. */
function saysSo(before: string, body: string): boolean {
  const [, answer] =
    /^\s*(?:(?:\/\/[^\n]*|\/\*[^*]*\*\/)\s*)*return\s+(undefined|null)\s*;?\s*(?:\/\/[^\n]*)?\s*$/.exec(body) ?? [];
  if (answer === undefined) return false;
  const type = [...before.matchAll(/\)\s*:\s*([^{};=()]{1,200}?)\s*(?:=>\s*)?\{/g)].at(-1)?.[1] ?? '';
  return new RegExp(`\\b${answer}\\b`).test(type);
}

/** Nothing but log lines, and names that get a default. */
function onlyLogs(body: string, literal: string): boolean {
  const assignment = new RegExp(String.raw`^[\w$.]+\s*=\s*${literal}\s*;?$`);
  const lines = body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'));
  return lines.length > 0 && lines.every((line) => LOG.test(line) || assignment.test(line));
}

/** To the bracket that closes what was opened right before; bounded, so that no file takes long. */
function bodyFrom(text: string, start: number): string {
  let depth = 1;
  const end = Math.min(text.length, start + 3_000);
  for (let at = start; at < end; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return text.slice(start, at);
  }
  return text.slice(start, end);
}
