/** A made repository with a large living context: layered source files, many scenarios, invariants and incidents. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gitEnvironment } from '../../context/git.ts';

export const SIZES = { files: 600, modules: 250, scenarios: 5000, invariants: 300, incidents: 1000 };

/** Some file of each layer: the lower, the more depend on it. */
export const sourceFile = (index: number) => `src/m${index % SIZES.modules}/file-${index}.ts`;

export function makeRepository(root: string): void {
  const texts = new Map<string, string>();
  for (let index = 0; index < SIZES.files; index++) {
    const used = [Math.floor(index / 2), Math.floor(index / 3)].filter((other) => other !== index);
    const imports = [...new Set(used)].map((other) => `import { f${other} } from '../../${sourceFile(other)}';\n`);
    texts.set(sourceFile(index), `${imports.join('')}export const f${index} = () => ${index};\n`);
  }
  const each = SIZES.scenarios / SIZES.modules;
  for (let module = 0; module < SIZES.modules; module++) {
    const entries = Array.from({ length: each }, (_, at) => scenario(module * each + at));
    const head = `version: "1.0"\nmodule: m${module}\nfiles: ["src/m${module}/**"]\nscenarios:\n`;
    texts.set(`.self-healing/scenarios/m${module}.yaml`, head + entries.join(''));
  }
  const invariants = Array.from({ length: SIZES.invariants }, (_, index) => invariant(index));
  texts.set('.self-healing/invariants.yaml', `version: "1.0"\ninvariants:\n${invariants.join('')}`);
  const incidents = Array.from({ length: SIZES.incidents }, (_, index) => incident(index));
  texts.set('.self-healing/incidents.yaml', `version: "1.0"\nincidents:\n${incidents.join('')}`);

  const old = new Date(Date.now() - 60_000);
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    utimesSync(join(root, path), old, old);
  }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, env: gitEnvironment(), stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
}

export function scenario(index: number): string {
  return `  - id: S${index}\n    name: case ${index} keeps its promise to whoever calls it\n    why: customers were charged twice when it did not\n    constraint: the rounding of ${index} is fixed\n    tags: [${index % 10 === 0 ? 'security' : 'core'}]\n    test_command: npx vitest run test/m${index}.test.ts\n`;
}

function invariant(index: number): string {
  const files = index % 3 === 0 ? '' : `    files: ["src/m${index % SIZES.modules}/**"]\n`;
  return `  - id: INV-${index}\n    rule: amount ${index} never goes below zero\n    severity: ${index % 4 === 0 ? 'critical' : 'warning'}\n${files}    check: { pattern: { regex: "never${index}" } }\n`;
}

function incident(index: number): string {
  return `  - id: INC-${index}\n    error: "TypeError: Cannot read properties of undefined (reading 'f${index}')"\n    files: [${sourceFile(index % SIZES.files)}]\n    root_cause: the lookup of ${index} answered nothing\n    lesson: ask before reading\n    anti_pattern: { description: reading without asking, match: { regex: "x${index}" } }\n`;
}
