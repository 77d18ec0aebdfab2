/** The name of a scenario that stands for a whole test file, in the words of the tests themselves. Pure. */

const LONGEST = 110;

/** `cases`: names as the runner gives them, `file > group > title` or `file > Class > test_name[parameter]`. */
export function scenarioName(file: string, cases: readonly string[]): string {
  const paths = cases.map((name) => name.slice(name.startsWith(`${file} > `) ? file.length + 3 : 0).split(' > '));
  const [first = []] = paths;
  let shared = 0;
  while (shared < first.length - 1 && paths.every((path) => path.length > shared + 1 && path[shared] === first[shared]))
    shared++;
  const group = first.slice(0, shared).map(plain).join(', ');
  const titles = [...new Set(paths.map((path) => path.slice(shared).map(plain).join(', ')))];
  const head = group === '' ? '' : `${group}: `;
  let name = `${head}${titles[0] ?? file}`;
  let told = 1;
  for (; told < titles.length; told++) {
    const longer = `${name}; ${titles[told]}`;
    if (longer.length > LONGEST) break;
    name = longer;
  }
  const rest = titles.length - told;
  return (rest === 0 ? name : `${name}; and ${rest} more`).replace(/\s+/g, ' ').slice(0, 2 * LONGEST);
}

/** `test_a_weight_is_read[2]` → a weight is read */
function plain(title: string): string {
  if (!/^(?:test|Test)\w*(?:\[.*\])?$/.test(title)) return title.trim();
  const words = title
    .replace(/\[.*$/, '')
    .replace(/^[Tt]ests?_?/, '')
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .trim();
  return words === '' ? title : words;
}
