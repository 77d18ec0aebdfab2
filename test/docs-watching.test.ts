/** The page about watching: its YAML is settings, its queries are PromQL with every placeholder filled, its limits are those of the code. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { configSchema, defaultConfig } from '../context/schemas/config.ts';

const PAGE = readFileSync(join(import.meta.dirname, '..', 'docs', 'watching.md'), 'utf8');
const SAMPLES = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
const { watch } = configSchema.parse({ version: '1.0', ...parseYaml(SAMPLES[0] ?? '') });

it('shows settings that can be read, with the defaults where it says nothing else', () => {
  expect(SAMPLES).toHaveLength(1);
  const { prometheus, queries, sentry, ...limits } = watch;
  const { prometheus: _, queries: none, sentry: __, ...defaults } = defaultConfig().watch;
  expect(limits).toEqual(defaults);
  expect([prometheus, sentry.org]).toEqual(['http://prometheus.internal:9090', 'acme']);
  expect(none).toEqual({ error_rate: '', p95_ms: '', requests: '', canary: '' });
  for (const query of [queries.error_rate, queries.p95_ms, queries.requests]) {
    expect(query).toContain('$window');
    expect(query).toContain(',$canary}');
  }
});

it.skipIf(spawnSync('promtool', ['--version']).error !== undefined && !process.env.CI)(
  'has queries that Prometheus takes, with and without a canary',
  () => {
    const { canary: _, ...queries } = watch.queries;
    const filled = Object.entries(queries).flatMap(([name, query]) =>
      ['', 'track="canary"'].map((canary, at) => ({
        record: `${name}:${at}`,
        expr: query.replaceAll('$window', '95s').replaceAll('$canary', canary),
      })),
    );
    const rules = JSON.stringify({ groups: [{ name: 'watching', rules: filled }] });
    const folder = mkdtempSync(join(tmpdir(), 'self-healing-rules-'));
    try {
      const file = join(folder, 'rules.yml');
      writeFileSync(file, rules);
      const checked = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
      expect([checked.stderr, checked.stdout]).toEqual(['', expect.stringContaining('6 rules found')]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

it('names every mode of rolling back, and everything that the log says', () => {
  const { shape } = configSchema;
  const modes = [...PAGE.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name);
  const taken = (mode: string) => shape.watch.safeParse({ rollback: { mode } }).success;
  expect(modes.filter((mode) => taken(mode ?? ''))).toEqual(['propose', 'command', 'off']);
  expect(taken('auto')).toBe(false);

  const folder = join(import.meta.dirname, '..', 'healer', 'watching');
  const source = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const said = source.flatMap((text) => [...text.matchAll(/\blog\('\w+', '(\w+)'/g)].map(([, event = '']) => event));
  expect(said.length).toBeGreaterThan(8);
  for (const event of said) expect(PAGE).toContain(`\`${event}\``);
});
