/** What an awk program would write or run besides printing. */

export interface AwkProgram {
  /** Files that it prints into; null: only known when it runs. */
  writes: (string | null)[];
  runs: boolean;
}

export function readAwkProgram(text: string): AwkProgram {
  // Strings keep their length, patterns and comments are taken away, so that operators stand alone.
  const strings: string[] = [];
  const code = text.replace(
    /"((?:[^"\\\n]|\\.)*)"|#[^\n]*|(?<=(?:^|[(,!~&|{;\n]|\breturn)\s*)\/(?:[^/\\\n[]|\\.|\[[^\]\n]*\])+\//g,
    (all, string) => {
      if (!all.startsWith('"')) return ' ';
      strings.push(string ?? '');
      return `"${strings.length - 1}"`;
    },
  );
  const runs = /\bsystem\s*\(|\|\s*&?\s*getline|\|&|@\s*\w+/.test(code) || /\bprintf?\b[^;}\n]*[^|]\|(?!\|)/.test(code);
  const writes: (string | null)[] = [];
  for (const [, statement = ''] of code.matchAll(/\bprintf?\b([^;}\n]*)/g)) {
    const at = withoutParentheses(statement).search(/>/);
    if (at < 0) continue;
    const target = /^>>?\s*"(\d+)"\s*$/.exec(withoutParentheses(statement).slice(at));
    writes.push(target ? (strings[Number(target[1])] ?? null) : null);
  }
  return { writes, runs };
}

/** A `>` inside parentheses compares. */
function withoutParentheses(text: string): string {
  let level = 0;
  let kept = '';
  for (const char of text) {
    if (char === '(') level++;
    else if (char === ')') level = Math.max(0, level - 1);
    else if (level === 0) kept += char;
  }
  return kept;
}
