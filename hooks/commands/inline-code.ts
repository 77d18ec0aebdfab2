/** Code given to an interpreter on its command line or its standard input: it may compute and print, nothing else. */
import type { Denial } from '../rules.ts';
import type { SimpleCommand, Word } from '../shell.ts';
import { readAwkProgram } from './awk-program.ts';
import { namesForge } from './network.ts';
import { denial } from './policy.ts';
import { readSedScript } from './sed-script.ts';

interface Interpreter {
  /** Options whose value is code; a cluster such as `-ne` ends in the letter. */
  code: RegExp;
  /** Options that take a value which is no code. */
  valued?: RegExp;
}

const INTERPRETERS: readonly [RegExp, Interpreter][] = [
  [
    /^(node|nodejs|tsx|ts-node|bun|electron)$/,
    {
      code: /^(-[a-z]*[ep][ep]?|--eval|--print|-pe)$/,
      valued: /^(-r|--require|--import|--loader|-C|--conditions|--env-file)$/,
    },
  ],
  [/^deno$/, { code: /^eval$/ }],
  [/^(python[\d.]*|pypy\d*|py|ipython\d?)$/, { code: /^-[a-zA-Z]*c$/, valued: /^-[WX]$/ }],
  [/^(ruby|jruby|irb)$/, { code: /^-[a-zA-Z]*e$/, valued: /^-[IrCEF]$/ }],
  [/^perl[\d.]*$/, { code: /^-[a-zA-Z0-9]*[eE]$/, valued: /^-[IMm]$/ }],
  [/^php[\d.]*$/, { code: /^(-r|-B|-R|-E|--run)$/, valued: /^-[dc]$/ }],
  [
    /^(lua[\d.]*|luajit|julia|Rscript|R|ghc|elixir|iex|erl|guile|racket|osascript|tclsh|expect|groovy|scala|swift|kotlinc?|jshell|clojure|clj|bb|sbcl|ocaml|raku|crystal|nim|dc|m4|gdb|lldb|pwsh|powershell)$/,
    { code: /^(-e|-E|-c|--eval|-eval|-l|-ex|-x|-Command|--command|--execute)$/ },
  ],
];
const EDITORS = /^(ed|ex|vi|vim|nvim|view|rvim|emacs|emacsclient|nano|pico|micro|joe|jed|ne|kak|helix|hx|code)$/;

const WRITES_OR_RUNS: readonly RegExp[] = [
  // JavaScript
  /\b(writeFile|appendFile|createWriteStream|unlink|rmdir|rmSync|rm\(|rename|copyFile|cpSync|symlink|link(Sync)?\(|chmod|chown|mkdir|truncate|mkdtemp|utimes|openSync|writeSync|ftruncate)/,
  /child_process|execSync|execFile|\bspawn|\bfork\(|worker_threads|node:vm|['"]vm['"]|process\.(binding|dlopen|kill|mainModule)|\bBun\.(write|spawn|\$)|Deno\.(write|run|Command|remove|rename|open|create|mkdir|copy)|\$`/,
  // Python
  /\bos\.(system|remove|unlink|rename|replace|popen|exec|spawn|kill|mkdir|makedirs|rmdir|removedirs|symlink|link|chmod|chown|truncate|open|write|fork|posix_spawn|startfile|putenv|environ)|subprocess|shutil|\bpty\b|ctypes|write_text|write_bytes|\.(touch|unlink|rmdir|rename|replace_with|symlink_to|hardlink_to)\(\)|\.mkdir\(|importlib|__import__|__builtins__|__subclasses__|multiprocessing|runpy|\bmarshal\b|pickle\.loads/,
  /\bopen\s*\((?![^)]*\bmode\s*=\s*['"]r[bt]?['"])[^)]*(,\s*(?!encoding|errors|newline|['"]r[bt]?['"])|\bmode\s*=)/,
  /\.open\(\s*['"][wax]/,
  /\bopen\s*\([^)]*['"][rb]*[wax+][bt+]*['"]/,
  /\bkill(pg)?\b|createRequire|getBuiltinModule|DatabaseSync|\bFileIO\b|FileHandler\b|mkfifo|\btimeit\b|\.cp\(|=\s*open\b(?!\s*\()|['"](node:)?(cluster|inspector|repl)['"]|ZipFile\([^)]*,/,
  // Ruby, Perl, PHP and others
  /\bsystem\s*[\s('"`]|\bexec\s*[\s('"`]|\bpopen|IO\.(popen|write|binwrite|copy)|Kernel\.|File\.(write|open|delete|rename|unlink|new|chmod|symlink|link|truncate)|FileUtils|Dir\.(mkdir|rmdir|unlink)|Process\.(spawn|kill)|%x|\bqx\b|Open3|\bunlink\b|\brename\b|\bsyscall\b|file_put_contents|fopen\s*\([^)]*['"][waxc]|fwrite|shell_exec|passthru|proc_open|pcntl_|\bmove_uploaded_file|os\.execute|io\.(open|popen)|os\.(remove|rename|tmpname)|do shell script/,
  // A member whose name is computed
  /\brequire\s*\([^)]*\)\s*\[|\[[^\]]*['"`][^\]]*\]\s*\(/,
  // Text that becomes code
  /\beval\b|\bexec\s*\(|\bcompile\s*\(|new\s+Function|\bFunction\s*\(|constructor\s*[.[(]|\batob\b|b64decode|base64|fromhex|Buffer\.from\s*\([^)]*,|fromCharCode|unescape\(|decodeURI|getattr\s*\(|globals\s*\(|\bvars\s*\(|globalThis\s*\[|process\s*\[|global\s*\[|Reflect\.|\bsend\s*[(:]|instance_eval|class_eval|codecs\.|\bchr\s*\(|\bpack\s*\(/,
  /\brequire\s*\(\s*(?!['"][^'"]*['"]\s*\)|`[^`$]*`\s*\)|\\?["'][^"']*\\?["']\s*\))|\bimport\s*\(\s*(?!['"][^'"]*['"]\s*[,)])/,
];
const NETWORK =
  /\bfetch\s*\(|['"](node:)?(net|tls|http|https|http2|dgram)['"]|\burllib|\brequests\.|\bhttpx\b|\baiohttp\b|\bsocket\b|http\.client|ftplib|smtplib|paramiko|Net::|LWP|IO::Socket|open-uri|TCPSocket|fsockopen|curl_|file_get_contents\s*\(\s*['"]https?:|WebSocket|XMLHttpRequest|axios|\bgot\(/;
const LOCAL_ONLY = /https?:\/\/(localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)/;
const MAX_CODE = 10_000;
const TAKES_CODE =
  /^([gmn]?awk|g?sed|sqlite3?|psql|mysql|mariadb|duckdb|node(js)?|tsx|ts-node|bun|deno|py(thon[\d.]*|py\d*)?|i?ruby|perl[\d.]*|php[\d.]*|lua\w*|osascript)$/;
const OWN_RECORDS = denial(
  'scope.product_state',
  "state.db is the product's own record",
  'Use the tools of the living-context server.',
);
const INSTEAD = 'Use Edit or Write for files, and plain commands for programs; inline code may only compute and print.';

export function judgeInlineCode(command: SimpleCommand, name: string): Denial | undefined {
  // The patterns below look at the whole text; a person would not read more than this on a command line either.
  const length = command.words.reduce((sum, word) => sum + word.text.length, command.stdin?.length ?? 0);
  if (length > MAX_CODE && TAKES_CODE.test(name))
    return denial(
      'command.inline_code',
      `${name} with ${length} characters of code is too long to check`,
      'Write it to a file with the Write tool and run that.',
    );
  if (/^[gmn]?awk$|^busybox-awk$/.test(name)) return judgeAwk(command);
  if (name === 'sed' || name === 'gsed') return judgeSed(command);
  const starts = startsUnseen(command, name);
  if (starts !== undefined)
    return denial('command.inline_code', `\`${name}\` ${starts}`, 'Call the program plainly, or do the work yourself.');
  if (
    EDITORS.test(name) &&
    (command.stdin !== undefined ||
      command.pipedInput ||
      command.words.some((word) => /^(-c|-s|-es?|-S|--cmd|\+.+|--batch|--eval|-e|-l|--script)$/.test(word.text)))
  )
    return denial('command.inline_code', `\`${name}\` with commands writes files unseen`, 'Use Edit or Write.');
  if (
    /^(make|gmake)$/.test(name) &&
    command.words.some((word) => /^(--eval(=.*)?|-f-|-|SHELL=.*|.*\$\(shell.*)$/s.test(word.text))
  )
    return denial(
      'command.inline_code',
      'make with rules on its command line runs what is not checked',
      'Call the target as the Makefile has it.',
    );
  if (/^(sqlite3?|psql|mysql|mariadb|duckdb)$/.test(name)) return judgeDatabase(command, name);
  const interpreter = INTERPRETERS.find(([names]) => names.test(name))?.[1];
  const code = interpreter && codeOf(command, name, interpreter);
  if (!code) return undefined;
  if (!code.literal)
    return denial(
      'command.inline_code',
      `the ${name} code is only known when it runs`,
      'Write the code plainly, without expansions of the shell, or run a file of the worktree.',
    );
  if (/\bstate\.db\b/.test(code.text)) return OWN_RECORDS;
  if (namesForge(code.text))
    return denial(
      'publish.forge',
      `inline ${name} code calls the interface of a forge`,
      'A fix is published by propose_pr only.',
    );
  if (
    WRITES_OR_RUNS.some((one) => one.test(code.text)) ||
    (/^(ruby|perl|php)/.test(name) && /`|\b(copy|move)\s*\(/.test(code.text))
  )
    return denial(
      'command.inline_code',
      `inline ${name} code that writes files or starts programs is not checked`,
      INSTEAD,
    );
  if (NETWORK.test(code.text) && !LOCAL_ONLY.test(code.text))
    return denial('command.inline_code', `inline ${name} code that opens the network is not checked`, INSTEAD);
  return undefined;
}

/** Programs that run what they are told in a place where nobody looks: another agent, another terminal, a socket. */
function startsUnseen(command: SimpleCommand, name: string): string | undefined {
  const words = command.words.slice(1);
  const has = (pattern: RegExp) => words.some((word) => pattern.test(word.text));
  if (/^(claude(-code)?|codex|gemini(-cli)?|aider|opencode|goose|cursor-agent|amp|crush|qwen)$/.test(name))
    return words.length > 0 && words.every((word) => /^(-v|-V|--version|-h|--help|doctor|help)$/.test(word.text))
      ? undefined
      : 'starts another agent, which no guard watches';
  if ((name === 'tmux' && has(/^send(-keys)?$|^pipe-pane$|^paste/)) || (name === 'screen' && has(/^-\w*X$/)))
    return 'types into another terminal';
  if (/^(nc|ncat|netcat)$/.test(name) && has(/^-\w*[ec]$|^--(exec|sh-exec|lua-exec)/)) return 'starts another program';
  if (name === 'socat' && has(/^(exec|system|shell):/i)) return 'starts another program';
  if (name === 'timeit' && WRITES_OR_RUNS.some((one) => words.some((word) => one.test(word.text))))
    return 'with code that writes files or starts programs is not checked';
  return /^(g?make)$/.test(name) && words.some((word) => word.produces !== undefined)
    ? 'reads rules that are only known when it runs'
    : undefined;
}

/** The code, or undefined when a file or a module is run. */
function codeOf(command: SimpleCommand, name: string, { code, valued }: Interpreter): Word | undefined {
  const words = command.words.slice(1);
  const parts: Word[] = [];
  let operand: Word | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word) break;
    const [, head, attached] = /^(--[\w-]+)=(.*)$/s.exec(word.text) ?? [];
    if (head && code.test(head)) parts.push({ ...word, text: attached ?? '' });
    else if (code.test(word.text)) {
      const value = words[++at];
      if (value) parts.push(value);
    } else if (
      /^-[cerE]./.test(word.text) &&
      code.test(word.text.slice(0, 2)) &&
      /^(python|pypy|py|ruby|perl|php)/.test(name)
    )
      parts.push({ ...word, text: word.text.slice(2) });
    else if (valued?.test(word.text)) {
      // `--import data:…` is code as well.
      if (/^data:/.test(words[at + 1]?.text ?? '')) parts.push({ text: 'eval', literal: true });
      at++;
    } else if (/^--(import|require|loader)=data:/.test(word.text)) parts.push({ text: 'eval', literal: true });
    else if (word.text === '-m') return undefined;
    else if (!word.text.startsWith('-') || word.text === '-') {
      operand = word;
      break;
    }
  }
  if (parts.length > 0)
    return { text: parts.map((part) => part.text).join('\n'), literal: parts.every((part) => part.literal) };
  if (operand?.produces !== undefined) return { text: operand.produces ?? '', literal: operand.produces !== null };
  if (operand && /^\/(dev\/fd\/(?!0$)|proc\/)/.test(operand.text)) return { text: '', literal: false };
  if (operand && operand.text !== '-' && !/^\/dev\/(stdin|fd\/0)$/.test(operand.text)) return undefined;
  if (words.some((word) => /^(-v|-V|--version|--help|-h)$/.test(word.text))) return undefined;
  if (command.stdin !== undefined) return { text: command.stdin, literal: !command.stdinUnknown };
  return command.pipedInput ? { text: '', literal: false } : undefined;
}

function judgeAwk(command: SimpleCommand): Denial | undefined {
  const words = command.words.slice(1);
  if (words.some((word) => /^(-f|--file|-E|--exec|-i|--include|-l|--load)/.test(word.text) && !/^-F/.test(word.text)))
    return undefined;
  const program = words.find(
    (word, index) =>
      (!word.text.startsWith('-') || /^(-e|--source)$/.test(words[index - 1]?.text ?? '')) &&
      !/^(-F|-v|--field-separator|--assign)$/.test(words[index - 1]?.text ?? ''),
  );
  if (!program) return undefined;
  if (!program.literal)
    return denial(
      'command.inline_code',
      'the awk program is only known when it runs',
      'Write it in single quotes and hand values over with -v NAME=value.',
    );
  if (readAwkProgram(program.text).runs)
    return denial(
      'command.inline_code',
      'the awk program starts another program',
      'Pipe its output into a plain command instead.',
    );
  return undefined;
}

function judgeSed(command: SimpleCommand): Denial | undefined {
  const script = sedScripts(command);
  if (command.words.some((word) => /^(-[nrEsuz]*f.*|--file(=.*)?)$/s.test(word.text)))
    return denial('command.inline_code', 'a sed script in a file is not read', 'Put it on the command line with -e.');
  if (script.some((word) => readSedScript(word.text).runs))
    return denial('command.inline_code', 'the sed script starts another program', 'Call the program plainly.');
  return undefined;
}

/** The scripts among the words of `sed`. */
export function sedScripts(command: SimpleCommand): Word[] {
  const words = command.words.slice(1);
  const named = words.flatMap((word, index) => {
    if (/^(-[a-zA-Z]*e|--expression)$/.test(word.text)) return words.slice(index + 1, index + 2);
    const attached = /^(?:--expr[a-z]*=|-[nrEsuz]*e)(.+)$/s.exec(word.text)?.[1];
    return attached === undefined ? [] : [{ ...word, text: attached }];
  });
  if (named.length > 0) return named;
  return words.filter((word) => !word.text.startsWith('-')).slice(0, 1);
}

function judgeDatabase(command: SimpleCommand, name: string): Denial | undefined {
  const text = [...command.words.map((word) => word.text), command.stdin ?? ''].join('\n');
  if (/\.self-healing\b|\bstate\.db\b/.test(`${text}\n${command.folder ?? ''}`)) return OWN_RECORDS;
  if (
    /(^|[\n;"'])\s*\.(shell|system|import\s*"?\||output|once|save|clone|backup|dump\s*>|load)|\\!|\\copy|\\o\s|\bCOPY\b.*\bPROGRAM\b|\bINTO\s+(OUT|DUMP)FILE\b|writefile\s*\(|load_extension|edit\(|system\s*\(/i.test(
      text,
    )
  )
    return denial(
      'command.inline_code',
      `\`${name}\` with commands that write files or start programs is not checked`,
      INSTEAD,
    );
  return undefined;
}
