/** One layer of the living context as text for a model: all of it where it fits, else what is named first, and what is left. */
import { inForce, type Layers } from './law/compose.ts';
import { matches } from './path-rules.ts';
import { executableCheck } from './schemas/invariants.ts';
import { isExecutable, type Scenario } from './schemas/scenarios.ts';

export const LAYERS = ['scenarios', 'invariants', 'impact', 'incidents'] as const;
export type LayerName = (typeof LAYERS)[number];

/** Characters; about four make a token. */
const MOST = 16_000;

/**
 * `part`: the scenarios of one module, the one incident, invariant or scenario of that id, or what is written about one
 * file. Undefined where there is nothing of that name.
 */
export function layerText(law: Layers, layer: LayerName, part?: string): string | undefined {
  const lines = linesOf(law, layer, part);
  if (part !== undefined && lines.length === 0) return undefined;
  const broken = law.problems.map(({ file, line, column, message }) => `! ${file}:${line}:${column}: ${message}`);
  const head = `# ${layer}${part === undefined ? '' : ` of ${part}`} (${lines.length})`;
  if (part === undefined && layer === 'scenarios' && lengthOf(lines) > MOST)
    return bounded(head, [...broken, ...modules(law)], 'modules');
  return bounded(head, [...broken, ...lines], 'entries');
}

function linesOf(law: Layers, layer: LayerName, part: string | undefined): string[] {
  const isWanted = (...names: string[]) => part === undefined || names.includes(part);
  const isAbout = (globs: readonly string[]) => part === undefined || matches(globs, part);
  switch (layer) {
    case 'scenarios':
      return law.scenarios.filter(({ id, module }) => isWanted(id, module)).map(scenarioLine);
    case 'invariants':
      return law.invariants
        .filter(({ id }) => isWanted(id))
        .map((invariant) => {
          const { id, rule, severity, files } = invariant;
          const marks = marksOf(invariant, executableCheck(invariant) !== undefined);
          return `- [${severity.toUpperCase()}] ${id}: ${line(rule)}${about(files)}${marks}`;
        });
    case 'impact':
      return [
        ...law.impactMap.edges
          .filter(({ from, to }) => isAbout([from, to]))
          .map((edge) => `- ${edge.from} → ${edge.to}${why(edge.why)}${marksOf(edge, true)}`),
        ...law.impactMap.risk
          .filter(({ files }) => isAbout(files))
          .map((risk) => `- risk ${risk.level}: ${risk.files.join(', ')}${why(risk.why)}${marksOf(risk, true)}`),
      ];
    case 'incidents':
      // The newest ones first: they are written last.
      return [...law.incidents]
        .reverse()
        .filter(({ id }) => isWanted(id))
        .map((incident) => {
          const { id, error, files, root_cause, lesson, anti_pattern: pattern } = incident;
          const known = { 'ROOT CAUSE': root_cause, LESSON: lesson, 'ANTI-PATTERN': pattern?.description ?? '' };
          const told = Object.entries(known).flatMap(([name, text]) =>
            text === '' ? [] : [`; ${name}: ${line(text)}`],
          );
          return `- ${id}: ${JSON.stringify(line(error))}${about(files)}${told.join('')}${marksOf(incident, true)}`;
        });
    default:
      return layer satisfies never;
  }
}

function scenarioLine(scenario: Scenario): string {
  const { id, name, module, why: reason, constraint, tags } = scenario;
  const known = [
    ...(reason === '' ? [] : [`WHY: ${line(reason)}`]),
    ...(constraint === '' ? [] : [`CONSTRAINT: ${line(constraint)}`]),
    ...(tags.length === 0 ? [] : [`tags: ${tags.join(', ')}`]),
  ];
  const told = known.length === 0 ? '' : ` — ${known.join(', ')}`;
  return `- ${id} (${module}): ${line(name)}${told}${marksOf(scenario, isExecutable(scenario))}`;
}

/** Where there are too many scenarios: how many each module has, and how to read them. */
function modules({ scenarios }: Layers): string[] {
  const counts = new Map<string, number>();
  for (const { module } of scenarios) counts.set(module, (counts.get(module) ?? 0) + 1);
  return [
    'Too many to list. Read living-context://scenarios/{module}, with one of these modules and their number of scenarios:',
    ...[...counts].sort(([, a], [, b]) => b - a).map(([module, count]) => `- ${module}: ${count}`),
  ];
}

function bounded(head: string, lines: readonly string[], noun: string): string {
  const shown: string[] = [];
  let left = MOST;
  for (const one of lines) {
    left -= one.length + 1;
    if (left < 0 && shown.length > 0) break;
    shown.push(one);
  }
  const rest = lines.length - shown.length;
  const end =
    rest === 0
      ? []
      : [`Left out: ${rest} ${noun}. get_context tells what matters for your files; the YAML is in .self-healing/.`];
  return [head, ...(lines.length === 0 ? ['- none'] : shown), ...end, ''].join('\n');
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, one) => sum + one.length + 1, 0);
}

function marksOf(entry: { proposed?: boolean | undefined }, executable: boolean): string {
  const draft = inForce(entry) ? '' : ' (a draft without force)';
  return `${executable ? '' : ' (unproven: nothing executes it)'}${draft}`;
}

function about(files: readonly string[]): string {
  return files.length === 0 ? '' : ` [${files.slice(0, 5).join(', ')}${files.length > 5 ? ', …' : ''}]`;
}

function why(text: string): string {
  return text === '' ? '' : ` — ${line(text)}`;
}

/** Texts of people's own YAML, but errors in it may come from outside: one line, and no longer than a line. */
function line(text: string): string {
  const plain = text
    .slice(0, 2000)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return plain.length > 400 ? `${plain.slice(0, 399)}…` : plain;
}
