/**
 * The program that makes the calls, in a process of its own. It is text, written outside of the tree for each run, because
 * what ships is one bundled file. It only says what came; the gate holds it against what is expected.
 *
 * It finds what reads TypeScript: tsx of the repository, else our own module hooks around its esbuild, its typescript, or
 * Node's own stripping of types.
 */
export const RUNNER_SOURCE = String.raw`
import { appendFileSync, readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const NUMBER = '\0number';
const revive = (_, one) => (typeof one === 'object' && one !== null && NUMBER in one ? Number(one[NUMBER]) : one);
const replace = (_, one) => (typeof one === 'number' && !Number.isFinite(one) ? { [NUMBER]: String(one) } : one);

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'), revive);
process.argv.splice(1, 2, job.path);
const say = (record) => appendFileSync(job.results, JSON.stringify(record, replace) + '\n');

/** The row that is being called; -1 while the module loads. */
let row = -1;
let done = false;
const stop = (record) => {
  if (done) return;
  done = true;
  say(record);
};
const failed = (error) => stop(row < 0 ? { outcome: 'not_loaded', error: describe(error) } : { outcome: 'threw', row, error: describe(error) });
process.on('uncaughtException', (error) => { failed(error); process.exit(1); });
process.on('unhandledRejection', (error) => { failed(error); process.exit(1); });
process.on('exit', (code) => stop({ outcome: 'ended', row, exit: code }));

class NoLoader extends Error {}

const found = await load();
if (typeof found === 'function') {
  for (row = 0; row < job.rows.length; row++) {
    try {
      const value = await found(...job.rows[row]);
      say({ outcome: 'returned', row, value: plain(value, []) ?? null });
    } catch (error) {
      say({ outcome: 'threw', row, error: describe(error) });
    }
  }
  done = true;
}
process.exit(0);

async function load() {
  let names;
  try {
    await prepare();
    const namespace = await import(pathToFileURL(job.path).href);
    const whole = namespace.default;
    const inner = (typeof whole === 'object' && whole !== null) || typeof whole === 'function' ? whole : {};
    const value = job.export in namespace ? namespace[job.export] : Object.hasOwn(inner, job.export) ? inner[job.export] : undefined;
    if (typeof value === 'function') return value;
    // What CommonJS written by a compiler calls default.
    if (job.export === 'default' && typeof inner.default === 'function') return inner.default;
    names = Object.keys(namespace).filter((name) => name !== 'module.exports');
    stop({ outcome: 'no_export', found: value === undefined ? null : typeof value, names });
  } catch (error) {
    stop({ outcome: error instanceof NoLoader ? 'no_loader' : 'not_loaded', error: describe(error) });
  }
}

async function prepare() {
  const script = /\.[cm]?js$/.test(job.path);
  if (script && job.tsconfig === null) return;
  const apis = ['./esm/api', './cjs/api'].map(tsxModule);
  if (apis[0] !== undefined) {
    for (const api of apis) if (api !== undefined) (await import(pathToFileURL(api).href)).register();
    return;
  }
  const transformer = chooseTransformer();
  if (transformer === undefined && script) return;
  if (transformer === undefined)
    throw new NoLoader('Node ' + process.versions.node + ' cannot read ' + job.module + ' by itself.');
  nodeModule.register(pathToFileURL(job.hooks).href, { data: { ...transformer, tsconfig: job.tsconfig } });
}

/** What an import of tsx would load: what a require would is another file, which cannot register itself. */
function tsxModule(entry) {
  const manifest = find('tsx/package.json');
  if (manifest === undefined) return undefined;
  const exported = JSON.parse(readFileSync(manifest, 'utf8')).exports?.[entry];
  const target = exported?.import?.default ?? exported?.import;
  return typeof target === 'string' ? join(dirname(manifest), target) : undefined;
}

function chooseTransformer() {
  const esbuild = find('esbuild') ?? findBeside('vite', 'esbuild') ?? findBeside('tsup', 'esbuild');
  if (esbuild !== undefined) return { name: 'esbuild', path: esbuild };
  const typescript = find('typescript');
  // From 7 on it is a native program that compiles no single file.
  const manifest = find('typescript/package.json');
  if (manifest !== undefined && parseInt(JSON.parse(readFileSync(manifest, 'utf8')).version, 10) < 7)
    return { name: 'typescript', path: typescript };
  if (typeof nodeModule.stripTypeScriptTypes === 'function' && !/x$/.test(job.path)) return { name: 'node' };
}

function find(name) {
  for (const from of [job.path, join(job.checkout, 'package.json')]) {
    try {
      return nodeModule.createRequire(from).resolve(name);
    } catch {}
  }
}

function findBeside(host, name) {
  const path = find(host);
  try {
    if (path !== undefined) return nodeModule.createRequire(path).resolve(name);
  } catch {}
}

function describe(error) {
  if (typeof error !== 'object' || error === null) return { types: [typeof error], message: String(error), stack: '' };
  const text = (value) => (typeof value === 'string' ? value : '');
  const own = import.meta.url;
  const lines = text(error.stack).split('\n').filter((line) => !line.includes(own) && !/^\s+at .*\bnode:internal\//.test(line));
  const types = [...new Set([text(error.name), text(error.constructor?.name)])].filter((name) => name !== '');
  const cause = error.cause === undefined ? {} : { cause: describe(error.cause) };
  return { types, message: text(error.message), stack: lines.join('\n'), ...cause };
}

/** As JSON would write it; maps and sets by what they hold. */
function plain(value, above) {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return '[' + typeof value + ']';
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value)) return '[circular]';
  const inside = [...above, value];
  if (typeof value.toJSON === 'function') return plain(value.toJSON(), inside);
  const list = (items) => Array.from(items, (one) => plain(one, inside) ?? null);
  if (Array.isArray(value) || value instanceof Set || ArrayBuffer.isView(value)) return list(value instanceof DataView ? [] : value);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  if (value instanceof Map && !entries.every(([key]) => typeof key === 'string')) return list(entries);
  const error = value instanceof Error ? [['name', value.name], ['message', value.message]] : [];
  return Object.fromEntries([...error, ...entries].map(([key, one]) => [key, plain(one, inside)]).filter(([, one]) => one !== undefined));
}
`;
