/**
 * The template of a message: what a program wrote in its source, without what it filled in. Goes on where masking ends: kinds
 * of placeholders no longer matter (an id of digits alone is none the less an id), and values that only their place betrays
 * are taken for one. General rules over the line alone; nothing is learned of any log.
 *
 * Promises what masking promises: idempotent, and linear in the length of its input.
 */
import { maskOnce } from './mask.ts';

const ANY = '<*>';
/** A part of a name that masking may have taken already. */
const LABEL = '(?:[A-Za-z0-9_-]|<\\*>){1,63}';
/** Names of machines by how they end; two letters stand for a country, or for a language of source files. */
const HOST = new RegExp(
  `(?<![\\w./@-])(?!(?:com|org|net|io|java|javax|system)\\.)(?:${LABEL}\\.){1,8}(?:com|net|org|edu|gov|mil|info|biz|arpa|local|internal|lan|localdomain)(?:\\.[a-z]{2})?(?![\\w-]|\\.\\w)` +
    `|(?<![\\w./@-])(?!(?:com|org|net|io|java|javax|system)\\.)(?:${LABEL}\\.){2,8}(?!(?:py|rb|go|rs|ts|js|cs|cc|sh|md|mm|ml|pl|ps|so|vb)(?![\\w-]))[a-z]{2}(?![\\w-]|\\.\\w)`,
  'g',
);

/** Keys whose value says what went wrong. */
const TELLING =
  '(?:err(?:or|no)?|reason|cause|code|msg|message|type|exception|kind|status|state|level|class|method|op|event)';
const NAMED = new RegExp(
  `(?<![\\w.-])(?!${TELLING}=)([A-Za-z][\\w.-]{0,40}=)(?:"[^"\\n]{1,200}"|[^\\s,;()\\[\\]{}"'&|=]{1,200})`,
  'gi',
);

/** Words after which a name stands, unless the sentence goes on. */
const PERSON =
  /\b((?:user(?:name)?|account|login) )(?!(?:unknown|not|is|was|has|had|name|id|does|did|do|can(?:not|'t)?|with|from|by|for|in|to|on|at|and|or|of|input|agent|data|auth\w*|error|session|service|exists?|failed|already|lookup|limit|must|may|should|will|must|object|model|table|record|profile|type|value|undefined|null)\b)[\w.$@<>*-]{1,64}/gi;
const FOR_NAME = /(?<= for )[\w.$-]{1,64}(?= from <\*>)/g;

/** The line that a server writes about a request: what was asked for is what was filled in. */
const REQUEST = /"(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S{1,4000} HTTP\/[\d.]{1,5}"/g;

const RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/<(?:time|duration|id|n|addr|value)>/g, ANY],
  // Of a path in quotes its name stays, and so does one that follows a method; any other is a value.
  [
    /(?<![\w"'`<>*.-]|\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) )(?:<path>)?(?:\/[\w.@+%~*<>-]{1,200}){2,40}(?<![.])\/?/g,
    ANY,
  ],
  [/(?<![\w"'`>])<path>\/?[\w.@+%~<>*-]{0,200}(?<![.])/g, ANY],
  [HOST, ANY],
  [NAMED, '$1<*>'],
  [PERSON, '$1<*>'],
  [FOR_NAME, ANY],
  [/(?<![\w:])(?:[0-9A-Fa-f<>*]{1,8}:){3,15}[0-9A-Fa-f<>*]{1,8}(?![\w:])/g, ANY],
  // Numbers at the end of a word, and words that are a letter and a number.
  [/(?<![A-Za-z0-9])[A-Za-z]\d{1,4}(?![A-Za-z0-9])/g, ANY],
  [/(?<=[A-Za-z])\d{1,3}(?![A-Za-z0-9])/g, ANY],
  // A size in brackets says again what stands before it.
  [/ \(<\*> ?[KMGT]?i?B\)/g, ''],
  [/<<\*>/g, ANY],
  [/(?:<\*>[-:.,/_@+~x]{0,2}){1,40}<\*>/g, ANY],
  // What holds several values is one: an id made of parts.
  [/(?<![\w<>*~.@+%:-])[\w.~@+%:-]{0,80}<\*>[\w.~@+%:-]{1,80}<\*>(?:[\w.~@+%-]{0,80}<\*>){0,10}[\w~@+%-]{0,80}/g, ANY],
  [/\(<\*>\)/g, '()'],
  // A list is one, however long.
  [/(?<!\S)(\S{3,100})(?:,? \1(?!\S)){1,500}/g, '$1'],
];

/** Each pass is linear; one that changes nothing ends it. */
const MAX_PASSES = 12;

/** On one line, spaces made single. */
export function templateOf(text: string): string {
  let template = pass(text.replace(REQUEST, '"$1 <value>"'));
  for (let passes = 1; passes < MAX_PASSES; passes++) {
    const again = pass(template);
    if (again === template) break;
    template = again;
  }
  return template;
}

function pass(text: string): string {
  let template = maskOnce(text.replace(/\s+/g, ' ').trim());
  for (const [pattern, replacement] of RULES) template = template.replace(pattern, replacement);
  return template;
}
