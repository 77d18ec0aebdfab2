/**
 * Writes a TypeScript repository of about 2,000 files whose imports are known because they were made up here: barrels,
 * tsconfig paths, cycles, `.js` specifiers, dynamic imports, `#imports`, workspace packages with an unbuilt `dist/`,
 * CommonJS, mocks, and code that only looks like imports. The same in every run.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const PACKAGES = 10;
const FEATURES = 12;
const FILES = 14;

export interface MadeRepository {
  /** Number of TypeScript and JavaScript files. */
  sources: number;
  bytes: number;
  /** `from → to`, all of them. */
  edges: Set<string>;
}

export function makeRepository(root: string): MadeRepository {
  mkdirSync(root, { recursive: true });
  const repository = new Repository();
  repository.settings();
  for (let index = 0; index < PACKAGES; index++) repository.package(index);
  for (let index = 0; index < FILES * 6; index++) repository.page(index);
  let bytes = 0;
  for (const [path, text] of repository.texts) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    bytes += text.length;
  }
  mkdirSync(join(root, 'node_modules/@bench'), { recursive: true });
  for (let index = 0; index < PACKAGES; index++)
    symlinkSync(`../../packages/p${index}`, join(root, `node_modules/@bench/p${index}`), 'dir');
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: root });
  const sources = [...repository.texts.keys()].filter((path) => /\.[mc]?[jt]sx?$/.test(path)).length;
  return { sources, bytes, edges: repository.edges };
}

class Repository {
  readonly texts = new Map<string, string>();
  readonly edges = new Set<string>();
  private seed = 20261120;

  settings(): void {
    const json = (path: string, value: object) => this.texts.set(path, JSON.stringify(value, null, 2));
    this.texts.set('.gitignore', 'node_modules/\ndist/\n');
    json('package.json', { name: 'bench', private: true, workspaces: ['packages/*', 'web'] });
    json('tsconfig.json', {
      compilerOptions: {
        module: 'esnext',
        moduleResolution: 'bundler',
        jsx: 'preserve',
        paths: { '@web/*': ['./web/src/*'] },
      },
    });
    json('web/package.json', { name: '@bench/web', imports: { '#tools/*': './src/tools/*.ts' } });
    json('web/tsconfig.json', { extends: '../tsconfig.json', include: ['src'] });
    this.write('web/src/tools/log.ts', []);
  }

  package(index: number): void {
    const root = `packages/p${index}`;
    const exports = {
      '.': { types: './dist/index.d.ts', import: './dist/index.js' },
      './*': { types: './dist/*.d.ts', import: './dist/*.js' },
    };
    this.texts.set(`${root}/package.json`, JSON.stringify({ name: `@bench/p${index}`, type: 'module', exports }));
    const features = Array.from({ length: FEATURES }, (_, feature) => `${root}/src/feature-${feature}`);
    this.barrel(
      `${root}/src/index.ts`,
      features.map((folder) => `${folder}/index.ts`),
      '/index.js',
    );
    for (const [feature, folder] of features.entries()) {
      const files = Array.from({ length: FILES }, (_, file) => `${folder}/part-${file}.ts`);
      this.barrel(`${folder}/index.ts`, files, '.js');
      for (const [file, path] of files.entries()) this.part(path, files, file, features, feature, index);
      const test = `${folder}/feature.test.ts`;
      const mocked = files[this.below(FILES)] ?? '';
      this.write(test, [
        this.edge(test, `${folder}/index.ts`, `import * as feature from './index.js';`),
        this.edge(test, mocked, `vi.mock('${relative(test, mocked, '.js')}', () => ({ run: vi.fn() }));`),
      ]);
    }
    const script = `${root}/scripts/build.cjs`;
    const helper = `${root}/scripts/paths.cjs`;
    this.write(helper, []);
    this.write(script, [this.edge(script, helper, `const paths = require('./paths.cjs');`)]);
  }

  /** A file of a feature: its neighbours (cycles included), another feature's barrel, a type, an earlier package. */
  private part(path: string, files: string[], file: number, features: string[], feature: number, index: number): void {
    const neighbour = files[(file + 1) % FILES] ?? '';
    const other = files[this.below(FILES)] ?? '';
    const barrel = `${features[(feature + 1) % FEATURES]}/index.ts`;
    const lines = [this.edge(path, neighbour, `import { run as next } from '${relative(path, neighbour, '.js')}';`)];
    if (other !== path && other !== neighbour)
      lines.push(this.edge(path, other, `import type { Shape } from "${relative(path, other, '')}";`));
    if (file % 3 === 0)
      lines.push(
        this.edge(path, barrel, `import {\n  run, // the other one\n} from '${relative(path, barrel, '.js')}';`),
      );
    if (file % 5 === 0)
      lines.push(
        this.edge(
          path,
          barrel,
          `export const lazy = () => import(/* why: "later" */ '${relative(path, barrel, '.js')}');`,
        ),
      );
    if (index > 0 && file % 4 === 0) {
      const before = this.below(index);
      lines.push(this.edge(path, `packages/p${before}/src/index.ts`, `import * as p from '@bench/p${before}';`));
      const inner = `feature-${this.below(FEATURES)}/part-${this.below(FILES)}`;
      lines.push(
        this.edge(
          path,
          `packages/p${before}/src/${inner}.ts`,
          `import { run as deep } from '@bench/p${before}/${inner}';`,
        ),
      );
    }
    this.write(path, lines);
  }

  page(index: number): void {
    const path = `web/src/pages/page-${index}.tsx`;
    const widget = `web/src/widgets/widget-${index}.tsx`;
    const target = this.below(PACKAGES);
    this.write(widget, [this.edge(widget, 'web/src/tools/log.ts', `import { run as log } from '#tools/log';`)]);
    this.write(path, [
      this.edge(path, widget, `import { run as Widget } from '@web/widgets/widget-${index}';`),
      this.edge(path, `packages/p${target}/src/index.ts`, `import { run as api } from '@bench/p${target}';`),
      `export const view = () => <p title="it's">don't import('./nothing') {String(api)} </p>;`,
    ]);
  }

  private barrel(path: string, targets: string[], extension: string): void {
    const lines = targets.map((target) => {
      const specifier = relative(path, target, '').replace(/\/index$/, '');
      return this.edge(path, target, `export * from '${specifier}${extension}';`);
    });
    this.texts.set(path, `${lines.join('\n')}\n`);
  }

  private edge(from: string, to: string, line: string): string {
    this.edges.add(`${from} → ${to}`);
    return line;
  }

  private write(path: string, imports: string[]): void {
    this.texts.set(path, `${imports.join('\n')}\n${this.body()}`);
  }

  /** Some 4 kB of code that holds every kind of string, comment and regular expression. */
  private body(): string {
    const lines = Array.from({ length: 40 }, (_, index) => {
      const value = this.below(1000);
      return [
        `/** Adds ${value}; see import('./comment-${index}') for "why". */`,
        `export function step${index}(input: number): string {`,
        `  if (/["'\`/]${value}/.test(String(input))) return 'from "./string-${index}"';`,
        `  return \`\${input / ${value + 1}} of \${[input].map((x) => \`<\${x}>\`).join(' // ')}\`;`,
        '}',
      ].join('\n');
    });
    return `${lines.join('\n')}\nexport interface Shape { size: number }\nexport const run = step0;\n`;
  }

  private below(limit: number): number {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.seed / 2 ** 32) * limit);
  }
}

function relative(from: string, to: string, extension: string): string {
  const path = posix.relative(posix.dirname(from), to).replace(/\.tsx?$/, extension);
  return path.startsWith('.') ? path : `./${path}`;
}
