/** The gate's misses and false alarms on labelled data and on real code, printed, and held at a budget. docs/secrets.md explains them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../gate/secrets.ts';
import { innocentSamples, secretSamples } from '../../corpus/secrets/corpus.ts';
import type { Sample } from '../../corpus/secrets/sample.ts';

const BUDGET = { recall: 0.97, recallPerKind: 0.8, falseAlarms: 0.01, perTenThousandLines: 1 };
const ROOT = join(import.meta.dirname, '../../..');
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;

/** Samples that the gate finds something in, and those it does not. */
async function judged(samples: Sample[]) {
  const found: Sample[] = [];
  const clean: Sample[] = [];
  for (const sample of samples) ((await findSecrets(sample.text, sample.path)).length > 0 ? found : clean).push(sample);
  return { found, clean };
}

describe.each([11, 12, 13])('on the corpus of seed %i', (seed) => {
  it('misses no more secrets than the budget allows, of no kind', async () => {
    const samples = secretSamples(seed);
    expect(samples.length).toBeGreaterThanOrEqual(250);
    const { found, clean: missed } = await judged(samples);
    console.log(`recall ${percent(found.length, samples.length)}: ${missed.length} of ${samples.length} missed`);
    for (const kind of new Set(samples.map((sample) => sample.kind))) {
      const of = (list: Sample[]) => list.filter((sample) => sample.kind === kind);
      if (of(missed).length > 0) console.log(`  ${kind}: ${of(missed).length} of ${of(samples).length} missed`);
      // Those that nothing can tell count in the whole, not by themselves.
      if (kind === 'hard') continue;
      expect(of(found).length / of(samples).length, kind).toBeGreaterThanOrEqual(BUDGET.recallPerKind);
    }
    expect(found.length / samples.length).toBeGreaterThanOrEqual(BUDGET.recall);
  });

  it('raises no more false alarms than the budget allows', async () => {
    const samples = innocentSamples(seed);
    expect(samples.length).toBeGreaterThanOrEqual(400);
    const { found: alarms } = await judged(samples);
    console.log(`false alarms ${percent(alarms.length, samples.length)}: ${alarms.length} of ${samples.length}`);
    for (const { kind, text } of alarms) console.log(`  ${kind}: ${text}`);
    expect(alarms.length / samples.length).toBeLessThanOrEqual(BUDGET.falseAlarms);
  });
});

describe('on real code', () => {
  // Large, differently written, MIT-licensed, and installed with this project; their own tests included.
  const packages = ['@modelcontextprotocol', 'commander/lib', 'fast-xml-parser', 'knip', 'vite', 'zod'];
  it.each([
    [
      'this project',
      [
        'bin',
        'cli',
        'context',
        'events',
        'gate',
        'healer',
        'hooks',
        'mcp-server',
        'store',
        'docs',
        'commands',
        'agents',
        'bench',
      ],
    ],
    ['installed packages', packages.map((name) => `node_modules/${name}`)],
  ])('of %s stays within the alarms per line', async (name, folders) => {
    let lines = 0;
    const alarms: string[] = [];
    for (const path of folders.flatMap(sourcesIn)) {
      const text = readFileSync(join(ROOT, path), 'utf8');
      lines += text.split('\n').length;
      for (const { kind } of await findSecrets(text, path)) alarms.push(`${kind} ${path}`);
    }
    const rate = (alarms.length / lines) * 10_000;
    console.log(`${name}: ${rate.toFixed(2)} alarms per 10,000 lines (${alarms.length} in ${lines})`);
    for (const alarm of alarms) console.log(`  ${alarm}`);
    expect(lines).toBeGreaterThan(20_000);
    expect(rate).toBeLessThanOrEqual(BUDGET.perTenThousandLines);
  });
});

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => /\.(?:[cm]?[jt]sx?|json|ya?ml|md)$/.test(file) && !/(?:^|\/)(?:package-lock|third_party)/i.test(file),
    )
    .map((file) => join(folder, file))
    .filter((file) => statSync(join(ROOT, file)).isFile());
}
