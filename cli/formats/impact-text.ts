/** The impact of one file for people: its risk with the reasons, then the tree of its dependents, uncovered ones first. */
import type { FileImpact } from '../../context/impact/impact.ts';
import type { Coverage, Dependent, ImpactTree } from '../../context/impact/tree.ts';
import type { Call } from '../command.ts';
import type { Paint, Style } from '../output.ts';
import { wrapped } from '../table.ts';

/** Dependents that are shown of one file; the others are counted, and `--json` lists them. */
const MOST_SHOWN = 40;
/** Of those that stand below the same file. */
const MOST_SIBLINGS = 12;
/** Names of tests or scenarios on one line. */
const MOST_NAMES = 2;

const RISK: Record<string, Style> = { low: 'green', medium: 'yellow', high: 'red', critical: 'red' };
const HOW: Record<Dependent['kind'], string> = {
  value: '',
  type: 'types only',
  mock: 'mocks it',
  written: 'hand-written edge',
};

export function impactText(
  file: string,
  impact: FileImpact,
  tree: ImpactTree | undefined,
  { paint, columns }: Pick<Call, 'paint' | 'columns'>,
): string {
  const { level, reasons } = impact.risk;
  return [
    `${paint('bold', file)}  risk ${paint(RISK[level] ?? 'red', level)}`,
    wrapped(
      reasons.map((reason) => ['  -', reason]),
      columns,
    ),
    ...summary(impact, columns),
    ...(tree === undefined ? [] : new TreeLines(tree, paint, columns).lines()),
  ].join('\n');
}

function summary({ language, transitive, uncovered, scenarios, tests }: FileImpact, columns: number): string[] {
  const unknown = language === 'unknown' || language === 'missing';
  const dependents =
    transitive.length === 0
      ? unknown
        ? 'unknown'
        : 'none'
      : `${transitive.length}${unknown ? ' known' : ''}, ${uncovered.length} not covered`;
  const rows = [
    ['  language', language],
    ['  dependents', dependents],
    ['  scenarios', named(scenarios, 10)],
    ['  tests', unknown && tests.length === 0 ? 'unknown' : named(tests, 4)],
  ];
  return [wrapped(rows, columns)];
}

function named(names: readonly string[], most: number): string {
  if (names.length === 0) return 'none';
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.slice(0, most).join(', ')}${more}`;
}

class TreeLines {
  private readonly tree: ImpactTree;
  private readonly paint: Paint;
  private readonly columns: number;
  private readonly out: string[] = [];
  private left = MOST_SHOWN;
  private cut = false;

  constructor(tree: ImpactTree, paint: Paint, columns: number) {
    this.tree = tree;
    this.paint = paint;
    this.columns = columns;
  }

  lines(): string[] {
    this.branch(this.tree.dependents, '  ');
    return this.cut ? [...this.out, this.paint('dim', '  --json lists all of them.')] : this.out;
  }

  private branch(dependents: readonly Dependent[], indent: string): void {
    const deep = indent.length > this.columns / 2;
    const most = deep ? 0 : Math.max(0, Math.min(MOST_SIBLINGS, this.left));
    const tests = dependents.filter(isPlainTest);
    const wanted = [...dependents.filter((one) => !isPlainTest(one)), ...tests.slice(0, MOST_NAMES)];
    // One that is left out would take the same line as the word about it.
    const shown = most > 0 && wanted.length === most + 1 ? wanted : wanted.slice(0, most);
    this.left -= shown.length;
    const hidden = dependents.filter((one) => !shown.includes(one));
    this.cut ||= hidden.length > 0;
    for (const [index, dependent] of shown.entries()) {
      const last = index === shown.length - 1 && hidden.length === 0;
      this.line(dependent, indent + (last ? '└─ ' : '├─ '));
      if (dependent.dependents.length > 0) this.branch(dependent.dependents, indent + (last ? '   ' : '│  '));
    }
    if (hidden.length > 0) this.out.push(this.paint('dim', `${indent}└─ ${leftOut(hidden)}`));
  }

  private line({ path, kind, state }: Dependent, prefix: string): void {
    const how = HOW[kind];
    const cover = state === 'test' ? 'test' : state === 'uncovered' ? 'not covered' : '';
    const room = this.columns - prefix.length - path.length - 2;
    const notes = (text: string) => [text, how].filter((note) => note !== '').join(' · ');
    const long = cover === '' ? coverText(this.tree.coverageOf(path), true) : cover;
    const short = cover === '' ? coverText(this.tree.coverageOf(path), false) : cover;
    const note = notes(long).length <= room ? notes(long) : notes(short);
    const style: Style = state === 'uncovered' ? 'red' : 'dim';
    const name = endOf(path, this.columns - prefix.length - 2 - note.length);
    this.out.push(`${this.paint('dim', prefix)}${name}  ${this.paint(style, note)}`);
  }
}

function coverText({ scenarios, tests }: Coverage, withNames: boolean): string {
  const kinds = [
    ...(scenarios.length > 0 ? [amount(scenarios, 'scenario', withNames)] : []),
    ...(tests.length > 0 ? [amount(tests, 'test', withNames)] : []),
  ];
  return kinds.join(', ');
}

function amount(names: readonly string[], noun: string, withNames: boolean): string {
  const count = `${names.length} ${noun}${names.length === 1 ? '' : 's'}`;
  return withNames ? `${count} (${named(names, MOST_NAMES)})` : count;
}

/** A test that only tests depend on, if anything: two of them beside each other say as much as ten. */
function isPlainTest({ state, uncoveredBelow, below }: Dependent): boolean {
  return state === 'test' && uncoveredBelow === 0 && below === 0;
}

function leftOut(hidden: readonly Dependent[]): string {
  const files = hidden.reduce((sum, one) => sum + 1 + one.below, 0);
  const uncovered = hidden.reduce((sum, one) => sum + one.uncoveredBelow + (one.state === 'uncovered' ? 1 : 0), 0);
  const what = hidden.every(isPlainTest) ? (files === 1 ? ' test' : ' tests') : '';
  return `and ${files} more${what}${uncovered > 0 ? `, ${uncovered} not covered` : ''}`;
}

/** The end of a path says more than its beginning. */
function endOf(path: string, width: number): string {
  const room = Math.max(20, width);
  return path.length <= room ? path : `…${path.slice(1 - room)}`;
}
