/** How the signs of source-signs.ts look in each language. */
import { errorDefaults } from './error-defaults.ts';

export type Sign = 'suppression' | 'test_detected' | 'frozen' | 'throw' | 'default_return' | 'default_on_error';

type Patterns = Record<Exclude<Sign, 'default_on_error'>, RegExp>;

const LITERAL = String.raw`(?:null|undefined|None|nil|true|false|True|False|void 0|-?\d+(?:\.\d+)?|''|""|\x60\x60|'[^'\n]*'|"[^"\n]*"|\[\s*\]|\{\s*\}|\(\s*\)|dict\(\)|list\(\)|set\(\)|new (?:Map|Set)\(\)|(?:List|Map|Set)\.of\(\)|Optional\.empty\(\)|Collections\.empty\w+\(\))`;

const JAVASCRIPT: Patterns = {
  suppression:
    /@ts-(?:ignore|expect-error|nocheck)\b|\beslint-disable|\b(?:biome|oxlint|tslint|deno-lint|svelte)[-:](?:ignore|disable)|\b(?:istanbul|c8|v8) ignore\b|\bnode:coverage (?:disable|ignore)|\bNOSONAR\b/g,
  test_detected:
    /\benv\s*(?:\?\.|\.|\[\s*['"])(?:VITEST|VITEST_WORKER_ID|JEST_WORKER_ID|NODE_TEST_CONTEXT|MOCHA\w*|BUN_TEST|PLAYWRIGHT_TEST|TEST_ENV)\b|\bNODE_ENV\b['"]?\]?\s*[!=]==?\s*['"`]test|['"`]test['"`]\s*[!=]==?\s*[\w.]*\bNODE_ENV\b|\bimport\.meta\.vitest\b|\btypeof\s+(?:jest|vi|vitest|describe|it|beforeEach)\b|\b(?:globalThis|global|window)\s*\.\s*(?:jest|vi|vitest|describe|__vitest_worker__)\b/g,
  frozen:
    /\b(?:Date\s*\.\s*now|Math\s*\.\s*random|performance\s*\.\s*now|crypto\s*\.\s*randomUUID)\s*=(?![=>])|\b(?:globalThis|global|window)\s*\.\s*(?:fetch|Date|XMLHttpRequest|WebSocket|setTimeout|setInterval|performance)\s*=(?![=>])|\b(?:useFakeTimers|setSystemTime|MockDate\s*\.\s*set|timekeeper\s*\.\s*freeze|seedrandom|nock)\s*\(/g,
  throw:
    /(?<![\w$.])throw\s|(?<![\w$])reject\s*\(|(?<![\w$.])(?:invariant|assert(?:\.\w+)?|(?:assert|validate|ensure|require|verify)[A-Z]\w*)\s*\(|\b\w*[sS]chema\s*\.\s*(?:parse|parseAsync|validate|validateSync|validateAsync|assert|load)\s*\(/g,
  default_return: new RegExp(String.raw`(?<![\w$.])return\s+${LITERAL}(?:\s+as\s+[\w<>[\], ]+)?\s*(?:;|$|\})`, 'gm'),
};

const PYTHON: Patterns = {
  suppression:
    /#\s*(?:type:\s*ignore|noqa\b|ruff:\s*noqa|pragma:\s*no\s*(?:cover|branch)|pylint:\s*(?:disable|skip-file)|pyright:\s*(?:ignore|basic)|mypy:\s*(?:ignore|disable|allow)|nosec\b|flake8:\s*noqa|pyre-(?:ignore|fixme)|NOSONAR)/gi,
  test_detected:
    /\bPYTEST_(?:CURRENT_TEST|VERSION|XDIST_WORKER)\b|['"](?:pytest|unittest|_pytest)['"]\s+(?:not\s+)?in\s+sys\.(?:modules|argv)|\bsys\.modules\.get\(\s*['"](?:pytest|unittest)|\bsys\._called_from_test\b/g,
  frozen:
    /\b(?:np\.random|numpy\.random|random)\.seed\s*\(|\brandom\.Random\(\s*\d|\bdefault_rng\(\s*\d|\b(?:time\.(?:time|sleep|monotonic|perf_counter)|datetime\.(?:now|datetime|date)|random\.(?:random|randint|choice)|socket\.socket|requests\.(?:get|post|request)|uuid\.uuid4)\s*=(?!=)|\b(?:freeze_time|time_machine\.travel)\s*\(/g,
  throw:
    /^\s*(?:raise\b|assert\s)|:\s*raise\b|(?<![\w.])(?:assert|validate|ensure|require|verify)_\w+\s*\(|\b\w+\.model_validate\s*\(/gm,
  default_return: new RegExp(String.raw`(?<![\w.])return(?:\s+${LITERAL})?\s*(?:#.*)?$`, 'gm'),
};

const GO: Patterns = {
  suppression: /\/\/\s*nolint\b|\/\/lint:(?:file-)?ignore\b|#nosec\b|\/\/\s*NOSONAR\b/g,
  test_detected: /\btesting\.Testing\s*\(|\bflag\.Lookup\(\s*"test\.|\bHasSuffix\(os\.Args\[0\],\s*"[._]?test/g,
  frozen: /\brand\.(?:Seed|NewSource)\(\s*\d+|\brand\.NewPCG\(\s*\d/g,
  throw: /(?<![\w.])panic\s*\(|\breturn\b[^\n]*\b(?:errors\.New|fmt\.Errorf)\s*\(/g,
  default_return: new RegExp(String.raw`(?<![\w.])return\s+${LITERAL}(?:\s*,\s*nil)?\s*$`, 'gm'),
};

const JAVA: Patterns = {
  suppression:
    /@SuppressWarnings\b|\bNOSONAR\b|\bCHECKSTYLE[.:]\s*OFF\b|@SuppressFBWarnings\b|\bPMD\.SuppressWarnings\b/g,
  test_detected: /\bforName\(\s*"(?:org\.junit|org\.testng)|\bgetStackTrace\(\)[^;\n]*junit/g,
  frozen: /\bnew (?:Secure)?Random\(\s*\d+|\bClock\.fixed\s*\(/g,
  throw:
    /(?<![\w.])throw\s|\b(?:Objects\.requireNonNull|Preconditions\.check\w+|Assert\.\w+|Validate\.\w+)\s*\(|^\s*assert\s/gm,
  default_return: new RegExp(String.raw`(?<![\w.])return\s+${LITERAL}\s*;`, 'g'),
};

const LANGUAGES: [RegExp, Patterns][] = [
  [/\.(?:[cm]?[jt]sx?|vue|svelte)$/i, JAVASCRIPT],
  [/\.pyi?$/i, PYTHON],
  [/\.go$/i, GO],
  [/\.java$/i, JAVA],
];

/** Whether anything is known of the language of this file. */
export function isKnownLanguage(path: string): boolean {
  return LANGUAGES.some(([pattern]) => pattern.test(path));
}

/** 1-based lines on which such a sign begins. */
export function signsOf(path: string, sign: Sign, text: string): number[] {
  if (sign === 'default_on_error') return errorDefaults(path, text, LITERAL).map((index) => lineAt(text, index));
  const patterns = LANGUAGES.find(([pattern]) => pattern.test(path))?.[1];
  if (!patterns) return [];
  const python = patterns === PYTHON;
  return [...text.matchAll(patterns[sign])].flatMap(({ index, 0: match }) => {
    // White space that a pattern begins with may stand on the line before.
    const at = index + match.length - match.trimStart().length;
    const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
    const comment = (python ? /#/ : /\/\/|\/\*|^\s*\*/).test(before + match);
    // Suppressions stand in comments, or are annotations; the other signs are code, and prose may speak of them.
    // To fill in what was announced is no error that is made silent.
    if (sign === 'throw' && UNFINISHED.test(text.slice(at, at + 200).split('\n', 1)[0] ?? '')) return [];
    const counts = sign === 'suppression' ? comment || match.startsWith('@S') : !isProse(before, python);
    return counts ? [lineAt(text, at)] : [];
  });
}

const UNFINISHED = /\bnot (?:yet )?implemented\b|\bunimplemented\b|NotImplemented|\bTODO\b|\byet\b/i;

/** Whether what follows on this line is a comment. */
function isProse(before: string, python: boolean): boolean {
  return (python ? /^\s*#|\s#\s/ : /^\s*(?:\/\/|\/\*|\*(?!\/))|\s\/\/\s/).test(before);
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
