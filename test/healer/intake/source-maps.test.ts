/** Errors of a minified page, brought back to the source by the map of a real build. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { post, SECRETS, type Served, served } from './serving.ts';
import { withKey } from './sources/sentry-headers.ts';

const SOURCE = `// The price of a cart.
export function price(cart) {
  const first = cart.items[0];
  return first.cents * first.count;
}
globalThis.price = price;
`;

/** The bundle of `src/price.js`, minified into one line, under a name that carries its hash; and where \`.cents\` stands in it. */
async function bundled({ bench }: Served, folder: string): Promise<{ file: string; colno: number }> {
  const { root } = bench.repository;
  const outdir = join(root, folder);
  const { outputFiles } = await build({
    stdin: { contents: SOURCE, resolveDir: join(root, 'src'), sourcefile: 'price.js' },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    sourcemap: 'linked',
    entryNames: 'price-[hash]',
    outdir,
    write: false,
  });
  let file = '';
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (path.endsWith('.js')) file = path;
  }
  const text = readFileSync(file, 'utf8');
  return { file: file.slice(outdir.length + 1), colno: text.indexOf('.cents') + 1 };
}

let told = 0;
async function thrown(to: Served, filename: string, colno: number) {
  const stacktrace = { frames: [{ filename, function: 'e', in_app: true, lineno: 1, colno }] };
  const event = JSON.stringify({
    event_id: (++told).toString(16).padStart(32, 'f'),
    platform: 'javascript',
    exception: { values: [{ type: 'TypeError', value: `no cents ${'x'.repeat(told)}`, stacktrace }] },
  });
  const body = ['{}', JSON.stringify({ type: 'event', length: Buffer.byteLength(event) }), event, ''].join('\n');
  expect(await post(to, '/api/1/envelope/', body, withKey(body, SECRETS.SENTRY_DSN_KEY))).toMatchObject({
    status: 200,
  });
  const [incident] = await to.bench.incidents.list({ limit: 1 });
  return incident?.event as { file?: string; line?: number; frames: { file: string }[]; function?: string };
}

it('is an error of the source, where the map of that build lies in the build output', async () => {
  const to = await served();
  const { file, colno } = await bundled(to, 'web/dist/assets');
  expect(file).toMatch(/^price-[A-Z0-9]{8}\.js$/);
  expect(await thrown(to, `https://shop.example/assets/${file}`, colno)).toMatchObject({
    file: 'src/price.js',
    line: 4,
    frames: [{ file: 'src/price.js', line: 4 }],
  });
});

it('has no place without that map, with another build of it, or with a map that is none', async () => {
  const to = await served();
  const { file, colno } = await bundled(to, 'dist/assets');
  const other = file.replace(/-[A-Z0-9]{8}/, '-0ABCDEF1');
  const elsewhere = await thrown(to, `https://shop.example/assets/${other}`, colno);
  expect([elsewhere.file, elsewhere.line]).toEqual([undefined, undefined]);
  expect(elsewhere.frames).toMatchObject([{ file: expect.stringContaining('0ABCDEF1') }]);

  const broken = await served();
  mkdirSync(join(broken.bench.repository.root, 'dist'), { recursive: true });
  writeFileSync(join(broken.bench.repository.root, 'dist', `${file}.map`), '{"version":3,');
  expect((await thrown(broken, `https://shop.example/${file}`, colno)).file).toBe(undefined);
});
