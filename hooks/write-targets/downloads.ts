/** Where a download is written to. */
import type { SimpleCommand, Word } from '../shell.ts';

export function downloads(command: SimpleCommand, name: string): Word[] {
  const words = command.words.slice(1);
  if (name === 'curl') return curl(words);
  if (name === 'wget' || name === 'wget2') return wget(words);
  if (/^(http|https|xh|xhs)$/.test(name)) return after(words, /^(-o|--output)$/);
  if (name === 'aria2c') return [...after(words, /^(-o|--out|-d|--dir)$/), here(words, /^(-o|--out|-d|--dir)/)].flat();
  return [];
}

function curl(words: readonly Word[]): Word[] {
  const named = after(
    words,
    /^(-[a-zA-Z]*o|--output|--output-dir|-[a-zA-Z]*D|--dump-header|-[a-zA-Z]*c|--cookie-jar|--trace|--trace-ascii|--stderr|--libcurl|--etag-save|--hsts|--alt-svc)$/,
  );
  const attached = words.flatMap((word) => (/^-o./.test(word.text) ? [{ ...word, text: word.text.slice(2) }] : []));
  const byName = words.some(
    (word) => /^(-[a-zA-Z]*O|--remote-name|--remote-name-all)$/.test(word.text) && !/^--.*=/.test(word.text),
  );
  return [...named, ...attached, ...(byName ? lastParts(words) : [])];
}

function wget(words: readonly Word[]): Word[] {
  const named = after(
    words,
    /^(-[a-zA-Z]*O|--output-document|-o|-a|--output-file|--append-output|-P|--directory-prefix)$/,
  );
  const attached = words.flatMap((word) => (/^-[OP]./.test(word.text) ? [{ ...word, text: word.text.slice(2) }] : []));
  const silent = words.some((word) => /^(--spider|--version|--help)$/.test(word.text));
  const toFile = words.some((word) => /^(-[a-zA-Z]*O|--output-document)/.test(word.text));
  return [...named, ...attached, ...(toFile || silent ? [] : lastParts(words))];
}

/** A file named like the last part of the address, in the folder where the program runs. */
function lastParts(words: readonly Word[]): Word[] {
  return words
    .filter((word) => !word.text.startsWith('-') && /[./]/.test(word.text))
    .map((word) => ({ ...word, text: word.text.replace(/[?#].*$/s, '').replace(/^.*\//s, '') || 'index.html' }));
}

function here(words: readonly Word[], option: RegExp): Word[] {
  return words.some((word) => option.test(word.text)) ? [] : lastParts(words);
}

function after(words: readonly Word[], option: RegExp): Word[] {
  return words
    .flatMap((word, index) => {
      if (option.test(word.text)) return words.slice(index + 1, index + 2);
      const [, head = '', value = ''] = /^(--[\w-]+)=(.*)$/s.exec(word.text) ?? [];
      return option.test(head) ? [{ ...word, text: value }] : [];
    })
    .filter((word) => word.text !== '-');
}
