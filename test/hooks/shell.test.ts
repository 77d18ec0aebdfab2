// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are those of a shell
import { describe, expect, it } from 'vitest';
import { readShell } from '../../hooks/shell.ts';

/** Program and operands of each command that would run, unknown words in angle brackets. */
function run(text: string, place = {}): string[] | string {
  const reading = readShell(text, place);
  if (!reading.ok) return reading.why;
  return reading.commands
    .filter((command) => command.words.length > 0)
    .map((command) => command.words.map((word) => (word.literal ? word.text : `<${word.text}>`)).join(' '));
}
const folders = (text: string, isFolder?: (path: string) => boolean) => {
  const reading = readShell(text, { folder: '/w', ...(isFolder && { isFolder }) });
  return reading.ok
    ? reading.commands.filter(({ words }) => words[0]?.text === 'x').map(({ folder }) => folder)
    : reading.why;
};

describe('readShell', () => {
  it.each<[string, string[] | string]>([
    [`g"i"t p\\ush $'\\x61'`, ['git push a']],
    ['D=src; rm $D/a "${D}b"', ['rm src/a srcb']],
    ['X="a b"; y $X "$X"', ['y a b a b']],
    ['IFS=,; X=a,b; y $X', ['y <a,b>']],
    ['for f in a b; do x $f; done', ['x a', 'x b']],
    ['x src/{a,b}.js *.ts', ['x src/a.js src/b.js <*.ts>']],
    ['if y; then D=1; else D=2; fi; x $D', ['y', 'x <$D>']],
    ['if y; then D=1; else D=1; fi; x $D', ['y', 'x 1']],
    ['D=1; while y; do x $D; D=2; done', ['y', 'x <$D>']],
    ['E=1; D=1; while y; do x $D; D=$E; E=2; done', ['y', 'x <$D>']],
    ['D=1; (D=2); x $D', ['x 1']],
    ['D=1; y | read D; x $D', ['y', 'read D', 'x 1']],
    ['D=1; read D; x $D', ['read D', 'x <$D>']],
    ['f() { x $1; }; f a; f b', ['f a', 'x a', 'f b', 'x b']],
    ['f() { x; }', ['x']],
    ['x ${D:-$(y)}', ['y', 'x <${D:-$(y)}>']],
    ['x ${TMPDIR:-/tmp}/a', ['x <${TMPDIR:-/tmp}/a>']],
    ['cat <<E\n$(x)\nE', ['x', 'cat']],
    ["cat <<'E'\n$(x)\nE", ['cat']],
    ['eval "x $(echo a)"', ['echo a', 'eval x a', 'x a']],
    ["trap 'x' EXIT", ['trap x EXIT', 'x']],
    ['source <(echo x)', ['echo x', 'source /dev/fd/63', 'x']],
    ['cat <<E\nx', 'a here-document has no end'],
    ['eval "$X"', 'it runs text that is only known when it runs'],
    ['alias a=b', 'an alias changes what later words mean'],
    ['x=1; echo ${x@P}', 'a variable is expanded as a prompt'],
  ])('%s', (text, expected) => {
    expect(run(text)).toEqual(expected);
  });

  it('follows the folder through cd, subshells and branches', () => {
    expect(folders('cd a && x; x')).toEqual(['/w/a', '/w/a']);
    expect(folders('(cd a; x); x')).toEqual(['/w/a', '/w']);
    expect(folders('cd "$A"; x')).toEqual([null]);
    const missing = () => false;
    expect(folders('cd a && x', missing)).toEqual(['/w/a']);
    expect(folders('cd a; x', missing)).toEqual([null]);
    expect(folders('cd a || exit 1; x', missing)).toEqual(['/w/a']);
    expect(folders('mkdir -p a; cd a; x', missing)).toEqual(['/w/a']);
  });

  it('knows what is piped, in the background and on standard input', () => {
    const reading = readShell('echo a | b & c <<< d');
    expect(reading.ok && reading.commands).toMatchObject([
      { words: [{ text: 'echo' }, { text: 'a' }], pipedOutput: true, background: true },
      { words: [{ text: 'b' }], pipedInput: true, stdin: 'a\n', background: true },
      { words: [{ text: 'c' }], stdin: 'd\n' },
    ]);
  });

  it('evaluates a known TMPDIR', () => {
    expect(run('x ${TMPDIR:-/tmp}/a', { variables: new Map([['TMPDIR', '/t']]) })).toEqual(['x /t/a']);
  });
});
