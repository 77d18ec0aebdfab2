/** What a sed script would write or run besides printing. */

export interface SedScript {
  /** Files of `w`. */
  writes: string[];
  /** It starts a program (`e`, `s///e`). */
  runs: boolean;
}

/** One pass over the text; what is no valid sed is read as far as it makes sense. */
export function readSedScript(text: string): SedScript {
  const found: SedScript = { writes: [], runs: false };
  let at = 0;
  const delimited = (mark: string) => {
    let inClass = false;
    for (; at < text.length && (text[at] !== mark || inClass); at++) {
      if (text[at] === '\\') at++;
      else if (text[at] === '[') inClass = text.indexOf(']', at + 2) > 0 && mark !== '[';
      else if (text[at] === ']') inClass = false;
    }
    at++;
  };
  const toLineEnd = () => {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? undefined : end);
    at = end < 0 ? text.length : end + 1;
    return line.trim();
  };
  while (at < text.length) {
    const char = text[at] ?? '';
    at++;
    if (char === '/') delimited('/');
    else if (char === '\\') delimited(text[at++] ?? '');
    else if (char === 's' || char === 'y') {
      const mark = text[at++] ?? '';
      delimited(mark);
      delimited(mark);
      if (char === 's') flags();
    } else if (char === 'w' || char === 'W') found.writes.push(toLineEnd());
    else if (char === 'e') {
      found.runs = true;
      toLineEnd();
    } else if (/[aicrR#bTt:]/.test(char)) {
      if (/[btT:]/.test(char)) while (at < text.length && !/[;\n}]/.test(text[at] ?? '')) at++;
      else toLineEnd();
    }
  }
  return found;

  function flags(): void {
    for (; at < text.length && /[\w ]/.test(text[at] ?? ''); at++) {
      if (text[at] === 'e') found.runs = true;
      if (text[at] !== 'w') continue;
      at++;
      found.writes.push(toLineEnd());
      return;
    }
  }
}
