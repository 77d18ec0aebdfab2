/** Why a text is not read; the message completes "the command cannot be read because …". */
export class Unreadable extends Error {}

export class TooLarge extends Unreadable {
  constructor() {
    super('it is too long or nested too deeply');
  }
}

/** Bash evaluates a subscript inside a number, and runs the substitutions in it, even where quotes protected them before. */
export function refuseSubscript(text: string): void {
  if (/\[[^\]]*(\$\(|`)/.test(text)) throw new Unreadable('it holds a subscript that would run a command');
}
