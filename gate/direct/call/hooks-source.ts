/**
 * Node's module hooks for repositories without tsx: TypeScript and JSX are compiled file by file by what the repository
 * has, and what Node cannot find is looked for as TypeScript does: `paths` of the tsconfig, no extension, `.js` for `.ts`,
 * a folder's index. What Node finds by itself stays as it is.
 */
export const HOOKS_SOURCE = String.raw`
import { existsSync, readFileSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];
let compile;
let tsconfig;

export async function initialize(data) {
  tsconfig = data.tsconfig;
  const options = tsconfig?.options ?? {};
  if (data.name === 'node') {
    compile = (source) => nodeModule.stripTypeScriptTypes(source);
    return;
  }
  const tool = nodeModule.createRequire(data.path)(data.path);
  if (data.name === 'esbuild') {
    const tsconfigRaw = JSON.stringify({ compilerOptions: { jsx: 'react-jsx', ...options } });
    compile = async (source, path) => {
      const loader = /\.jsx$/.test(path) ? 'jsx' : /x$/.test(path) ? 'tsx' : 'ts';
      const shape = { loader, sourcefile: path, sourcemap: 'inline', sourcesContent: false, format: 'esm', target: 'node20', tsconfigRaw };
      return (await tool.transform(source, { ...shape, logLevel: 'silent' })).code;
    };
    return;
  }
  const { options: read } = tool.convertCompilerOptionsFromJson({ jsx: 'react-jsx', ...options }, '.');
  const own = { module: tool.ModuleKind.ESNext, target: tool.ScriptTarget.ES2022, inlineSourceMap: true, sourceMap: false };
  compile = (source, fileName) => {
    const { outputText, diagnostics } = tool.transpileModule(source, { fileName, reportDiagnostics: true, compilerOptions: { ...read, ...own } });
    const [first] = diagnostics ?? [];
    if (first === undefined) return outputText;
    const { line } = tool.getLineAndCharacterOfPosition(first.file, first.start);
    throw new SyntaxError(fileName + ':' + (line + 1) + ': ' + tool.flattenDiagnosticMessageText(first.messageText, ' '));
  };
}

export async function resolve(specifier, context, next) {
  const parent = context.parentURL;
  if (parent === undefined || !parent.startsWith('file:') || parent.includes('/node_modules/')) return next(specifier, context);
  const mapped = mappedPaths(specifier).map(existing).find((path) => path !== undefined);
  if (mapped !== undefined) return { url: pathToFileURL(mapped).href, shortCircuit: true };
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!/^\.{0,2}\/|^\.{1,2}$/.test(specifier)) throw error;
    const path = existing(fileURLToPath(new URL(specifier, parent)));
    if (path === undefined) throw error;
    return { url: pathToFileURL(path).href, shortCircuit: true };
  }
}

function mappedPaths(specifier) {
  if (/^(?:\.|\/|node:|file:|data:)/.test(specifier)) return [];
  const { paths = {}, baseUrl } = tsconfig ?? {};
  const targets = [];
  for (const [pattern, list] of Object.entries(paths)) {
    const [before, after] = pattern.split('*');
    if (after === undefined) {
      if (pattern === specifier) targets.unshift(...list);
    } else if (specifier.length >= before.length + after.length && specifier.startsWith(before) && specifier.endsWith(after)) {
      const star = specifier.slice(before.length, specifier.length - after.length);
      targets.push(...list.map((target) => target.replace('*', () => star)));
    }
  }
  return baseUrl === undefined ? targets : [...targets, join(baseUrl, specifier)];
}

function existing(path) {
  const compiled = /\.([cm]?)js(x?)$/.exec(path);
  const stem = compiled ? path.slice(0, compiled.index) : path;
  const sources = compiled ? ['.' + compiled[1] + 'ts', '.' + compiled[1] + 'tsx'].map((ending) => stem + ending) : [];
  const all = [path, ...sources, ...ENDINGS.map((ending) => path + ending), ...ENDINGS.map((ending) => join(path, 'index' + ending))];
  return all.find((one) => existsSync(one) && statSync(one).isFile());
}

export async function load(url, context, next) {
  if (!url.startsWith('file:')) return next(url, context);
  const path = fileURLToPath(url);
  if (path.endsWith('.json') && !path.includes('/node_modules/') && context.importAttributes?.type !== 'json')
    return { format: 'module', shortCircuit: true, source: 'export default ' + readFileSync(path, 'utf8') };
  if (!/\.(?:[cm]?ts|tsx|jsx)$/.test(path)) return next(url, context);
  const source = readFileSync(path, 'utf8');
  return { format: 'module', shortCircuit: true, source: commonNames(source) + (await compile(source, path)) };
}

/** What a file may use where its package.json does not say that it is a module. On one line, so that lines stay. */
function commonNames(source) {
  const uses = (name) => new RegExp('\\b' + name + '\\b').test(source) && !new RegExp('\\b(?:const|let|var|import|function)\\s[^=\\n]*\\b' + name + '\\b').test(source);
  const require = uses('require') ? 'import { createRequire as __shRequire } from "node:module"; const require = __shRequire(import.meta.url);' : '';
  const filename = uses('__filename') ? 'import { fileURLToPath as __shFile } from "node:url"; const __filename = __shFile(import.meta.url);' : '';
  const folder = uses('__dirname') ? 'import { fileURLToPath as __shFolder } from "node:url"; const __dirname = __shFolder(new URL(".", import.meta.url)).replace(/.$/, "");' : '';
  return require + filename + folder;
}
`;
