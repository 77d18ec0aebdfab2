/** Values that another value takes the place of at run time: `${x}`, `%s`, `:id`, `#{x}`, `$VAR`, `config.x`. */
export function isTemplate(value: string): boolean {
  return /[[\](){}|\\<>]|^[$%#@:/.]|^(?:process|os|env|config|settings|self|this|vars?|secrets?)\./i.test(value);
}
