/** No wrapping, quoting or escaping turns a denied command into an allowed one, and no text crashes the judgement. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readShell } from '../../hooks/shell.ts';
import { commandWorktree } from './command-worktree.ts';

const place = commandWorktree();
afterAll(() => place.remove());

const FORBIDDEN = [
  'git push',
  'git push origin HEAD:main',
  'npm publish',
  'docker push a/b',
  'gh pr create --fill',
  'self-healing approve INC-0000000000000000',
  'git stash',
  'pkill node',
  'rm -rf /etc/x',
  'touch /etc/x',
];

const single = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
type Layer = (inner: string) => string;
const LAYERS: Record<string, Layer> = {
  sh: (inner) => `sh -c ${single(inner)}`,
  'bash -lc': (inner) => `bash -lc ${single(inner)}`,
  eval: (inner) => `eval ${single(inner)}`,
  env: (inner) => `env A=1 sh -c ${single(inner)}`,
  timeout: (inner) => `timeout -k 5 60 sh -c ${single(inner)}`,
  'nice nohup sudo': (inner) => `nice -n 5 nohup sudo -E sh -c ${single(inner)}`,
  substitution: (inner) => `echo $(${inner}\n)`,
  'quoted substitution': (inner) => `echo "$(${inner}\n)"`,
  process: (inner) => `cat <(${inner}\n)`,
  subshell: (inner) => `(${inner}\n)`,
  group: (inner) => `{ ${inner}\n}`,
  function: (inner) => `f() { ${inner}\n}; f`,
  if: (inner) => `if true; then ${inner}\nfi`,
  for: (inner) => `for i in 1 2; do ${inner}\ndone`,
  while: (inner) => `while true; do ${inner}\nbreak; done`,
  case: (inner) => `case a in a) ${inner}\n;; esac`,
  and: (inner) => `true && ${inner}`,
  pipe: (inner) => `true | ${inner}`,
  background: (inner) => `(${inner}\n) &`,
  heredoc: (inner) => `bash <<'END_OF_LAYER'\n${inner}\nEND_OF_LAYER`,
  'here string': (inner) => `bash <<< ${single(inner)}`,
  'piped shell': (inner) => `printf '%s\\n' ${single(inner)} | sh`,
  trap: (inner) => `trap ${single(inner)} EXIT`,
  variable: (inner) => `X=${single(inner)}; eval "$X"`,
  xargs: (inner) => `echo a | xargs -I{} sh -c ${single(inner)}`,
  find: (inner) => `find . -maxdepth 0 -exec sh -c ${single(inner)} \\;`,
  source: (inner) => `source <(printf '%s\\n' ${single(inner)})`,
  coproc: (inner) => `coproc { ${inner}\n}`,
  npx: (inner) => `npx -c ${single(inner)}`,
};
/** Other spellings of the same plain words. */
const SPELLINGS: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => `"${word}"`,
  (word) => single(word),
  (word) => `${word.slice(0, 1)}""${word.slice(1)}`,
  (word) => `${word.slice(0, 1)}'${word.slice(1)}'`,
  (word) => word.replace(/([a-z])([a-z])/, '$1\\$2'),
  (word) => word.replace(/([a-z])([a-z])/, '$1\\\n$2'),
  (word) => `$'${[...word].map((char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}'`,
  (word) => `$(echo ${word})`,
];

const layers = fc.array(fc.constantFrom(...Object.keys(LAYERS)), { maxLength: 4 });
const spelled = fc
  .record({
    command: fc.constantFrom(...FORBIDDEN),
    spellings: fc.array(fc.constantFrom(...SPELLINGS), { minLength: 6, maxLength: 6 }),
  })
  .map(({ command, spellings }) =>
    command
      .split(' ')
      .map((word, index) => (spellings[index % 6] ?? single)(word))
      .join(' '),
  );

const corpus = ['denied', 'allowed'].flatMap((name) =>
  readFileSync(new URL(`../corpus/commands/${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => String(JSON.parse(line).command)),
);

describe('what is denied stays denied', () => {
  it('however it is wrapped and spelled', () => {
    fc.assert(
      fc.property(spelled, layers, (command, names) => {
        const wrapped = names.reduce((inner, name) => LAYERS[name]?.(inner) ?? inner, command);
        expect(place.rule(wrapped), wrapped).not.toBe('allowed');
      }),
      { numRuns: 500 },
    );
  });

  it('beside any other command', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FORBIDDEN),
        fc.constantFrom(...corpus),
        fc.constantFrom(' && ', '; ', '\n', ' | '),
        fc.boolean(),
        (command, other, joint, first) => {
          const text = first ? `${command}${joint}${other}` : `${other}${joint}${command}`;
          expect(place.rule(text), text).not.toBe('allowed');
        },
      ),
      { numRuns: 250 },
    );
  });
});

describe('no text crashes or hangs the judgement', () => {
  const answers = (text: string) => {
    expect(typeof place.judge(text).allowed).toBe('boolean');
    expect(typeof readShell(text).ok).toBe('boolean');
  };

  it('arbitrary text', () => {
    const unit = fc.constantFrom(
      ...'ab $(){}`\'"\\;&|<>#\n=*?[]!~EOF-@,.:/%^+0'.split(''),
      'git',
      'sh -c',
      '<<E\n',
      '$((',
      '[[',
      'for i in',
      'sed -i',
      'xargs',
    );
    fc.assert(fc.property(fc.string({ unit, maxLength: 60 }), answers), { numRuns: 600 });
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), answers), { numRuns: 150 });
  });

  it('real commands with something cut, put in or put together', () => {
    const command = fc.constantFrom(...corpus);
    fc.assert(
      fc.property(
        command,
        command,
        fc.nat(),
        fc.nat(8),
        fc.constantFrom('', '"', "'", '$(', ')', '\\', '\n', '<<E', '`', '{'),
        (one, other, at, length, put) => {
          const from = at % (one.length + 1);
          answers(one.slice(0, from) + put + one.slice(from + length));
          answers(one.slice(0, from) + other);
        },
      ),
      { numRuns: 250 },
    );
  });

  it.each([
    ['substitutions', '$('.repeat(50_000)],
    ['closed substitutions', `${'$('.repeat(5_000)}x${')'.repeat(5_000)}`],
    ['quoted substitutions', `${'"$('.repeat(2_000)}x${')"'.repeat(2_000)}`],
    ['subshells', `${'('.repeat(50_000)}x${')'.repeat(50_000)}`],
    ['groups', `${'{ '.repeat(20_000)}x${'; }'.repeat(20_000)}`],
    ['ifs', `${'if true; then '.repeat(5_000)}x${'; fi'.repeat(5_000)}`],
    ['loops', `${'while x; do A=$B; '.repeat(200)}x${'; done'.repeat(200)}`],
    ['loops over values', `${'for a in 1 2 3 4 5 6 7 8 9; do '.repeat(30)}x${'; done'.repeat(30)}`],
    ['functions', `${'f() { '.repeat(2_000)}x${'; }'.repeat(2_000)}; f`],
    [
      'functions that call each other',
      `${Array.from({ length: 60 }, (_, index) => `f${index}() { f${index + 1}; f${index + 1}; }`).join('\n')}\nf0`,
    ],
    ['braces', `echo ${'{a,b}'.repeat(5_000)}`],
    ['nested braces', `echo ${'{a,'.repeat(5_000)}${'}'.repeat(5_000)}`],
    ['arithmetic', `echo $((${'('.repeat(20_000)}1${')'.repeat(20_000)}))`],
    ['expansions', `echo ${'${a:-'.repeat(10_000)}x${'}'.repeat(10_000)}`],
    ['backquotes', '`'.repeat(50_001)],
    ['here-documents', 'cat <<E\n'.repeat(5_000)],
    ['wrappers', `${'env '.repeat(10_000)}x`],
    ['evals', `${'eval '.repeat(10_000)}x`],
    ['commands', 'echo a; '.repeat(15_000)],
    ['words', `rm ${'a '.repeat(50_000)}`],
    ['sed scripts', `sed '${'s/a/b/;'.repeat(10_000)}' x`],
    ['awk programs', `awk '${'{print "a" > (1)} '.repeat(5_000)}' x`],
    ['code', `node -e '${'open(('.repeat(20_000)}'`],
  ])('a hundred kilobytes of %s', (_, text) => {
    expect(typeof place.judge(text).allowed).toBe('boolean');
  });
});
