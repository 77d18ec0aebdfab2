/** Where an archive or a patch writes its files. */
import type { SimpleCommand, Word } from '../shell.ts';

/** A folder that gets what an archive holds. */
interface Unpacked extends Word {
  into?: string[];
}

const CONTENTS = ['contents-of-the-archive'];
const HERE: Unpacked = { text: '.', literal: true, into: CONTENTS };

export function unpacked(command: SimpleCommand, name: string): Unpacked[] {
  const words = command.words.slice(1);
  const texts = words.map((word) => word.text);
  const folder = (option: RegExp): Word[] =>
    words.flatMap((word, index) => {
      if (option.test(word.text)) return words.slice(index + 1, index + 2);
      return /^-[CdP]./.test(word.text) && option.test(word.text.slice(0, 2))
        ? [{ ...word, text: word.text.slice(2) }]
        : /^--(directory|output-dir)=/.test(word.text)
          ? [{ ...word, text: word.text.replace(/^.*?=/s, '') }]
          : [];
    });
  const orHere = (found: Word[]): Unpacked[] =>
    found.length > 0 ? found.map((word) => ({ ...word, into: CONTENTS })) : [HERE];
  switch (name) {
    case 'tar':
    case 'bsdtar': {
      const mode =
        texts.find((text) => /^-?[a-zA-Z]*[xctru]/.test(text) && !/^--/.test(text)) ??
        texts.find((text) => /^--(extract|get|create|list|append)/.test(text)) ??
        '';
      if (/^--(list)|^-?[a-zA-Z]*t/.test(mode) && !/x/.test(mode)) return [];
      if (/x|extract|get/.test(mode))
        return texts.some((text) => /^(-O|--to-stdout)$/.test(text)) ? [] : orHere(folder(/^(-C|--directory)$/));
      const at = texts.findIndex((text) => /^-?[a-zA-Z]*f$|^--file$/.test(text));
      return at >= 0 ? words.slice(at + 1, at + 2) : [];
    }
    case 'unzip':
      return texts.some((text) => /^-[a-zA-Z]*[lpvtZ]/.test(text)) ? [] : orHere(folder(/^-d$/));
    case 'zip':
      return words.filter((word) => !word.text.startsWith('-')).slice(0, 1);
    case '7z':
    case '7za':
      return texts[0] === 'l' || texts[0] === 't'
        ? []
        : orHere(words.filter((word) => /^-o./.test(word.text)).map((word) => ({ ...word, text: word.text.slice(2) })));
    case 'cpio':
      return texts.some((text) => /^-[a-zA-Z]*i/.test(text) && !/t/.test(text)) ? [HERE] : [];
    case 'unrar':
      return [HERE];
    default:
      return [];
  }
}
