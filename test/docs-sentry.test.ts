/** The pages about Sentry: their samples are parsed or run. */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { configSchema } from '../context/schemas/config.ts';
import { ruleTrigger } from '../events/sources/sentry/trigger.ts';
import { SECRETS, served } from './healer/intake/serving.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, '..', 'docs', 'sources', name), 'utf8');
const samples = (name: string, language: string) =>
  [...read(name).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);

describe('docs/sources/sentry-nextjs.md', () => {
  const files = ['ts', 'tsx'].flatMap((language) =>
    samples('sentry-nextjs.md', language).map((text) => {
      const name = /^\/\/ ([\w./-]+)/.exec(text)?.[1] ?? '';
      return { name, source: ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) };
    }),
  );

  it('has a file for each runtime, both boundaries, the handler and the build, and all are TypeScript', () => {
    expect(files.map(({ name }) => name).sort()).toEqual([
      'app/error.tsx',
      'app/global-error.tsx',
      'instrumentation-client.ts',
      'instrumentation.ts',
      'next.config.ts',
      'sentry.edge.config.ts',
      'sentry.server.config.ts',
    ]);
    for (const { name, source } of files) {
      const output = ts.transpileModule(source.text, {
        fileName: name,
        reportDiagnostics: true,
        compilerOptions: { jsx: ts.JsxEmit.Preserve, target: ts.ScriptTarget.ES2022 },
      });
      expect([name, output.diagnostics?.map(({ messageText }) => messageText)]).toEqual([name, []]);
    }
  });

  it('sets the rates that the guide promises, where each has a meaning', () => {
    const rates = Object.fromEntries(files.map(({ name, source }) => [name, numbersOf(source)]));
    expect(rates).toMatchObject({
      'instrumentation-client.ts': {
        tracesSampleRate: 0.1,
        replaysSessionSampleRate: 0.1,
        replaysOnErrorSampleRate: 1,
      },
      'sentry.server.config.ts': { tracesSampleRate: 0.1 },
      'sentry.edge.config.ts': { tracesSampleRate: 0.1 },
    });
  });
});

/** Properties that are written as numbers. */
function numbersOf(source: ts.SourceFile): Record<string, number> {
  const found: Record<string, number> = {};
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isNumericLiteral(node.initializer))
      found[node.name.getText(source)] = Number(node.initializer.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('docs/sources/sentry-fastapi.md', () => {
  const [observability = '', main = ''] = samples('sentry-fastapi.md', 'python');
  const python = (program: string, ...input: string[]) =>
    execFileSync('python3', ['-c', program, ...input], { encoding: 'utf8' });

  it('is Python, and calls the SDK as the guide promises', () => {
    const program = `import ast, json, sys
calls = {}
for text in sys.argv[1:]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            words = {k.arg: k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)}
            calls[ast.unparse(node.func)] = words
print(json.dumps(calls))`;
    expect(JSON.parse(python(program, observability, main))).toMatchObject({
      'sentry_sdk.init': { traces_sample_rate: 0.1, profiles_sample_rate: 0.1, send_default_pii: false },
      FastApiIntegration: { transaction_style: 'endpoint' },
      SqlalchemyIntegration: {},
      FastAPI: {},
    });
    expect(observability).toContain('before_send=before_send');
  });

  it('drops what health checks report, and nothing else', () => {
    const program = `import ast, json, sys
tree = ast.parse(sys.argv[1])
kept = [n for n in tree.body if isinstance(n, ast.Assign) or getattr(n, "name", "") == "before_send"]
exec(compile(ast.Module(kept, []), "sample", "exec"))
print(json.dumps([before_send(event, {}) is not None for event in json.loads(sys.argv[2])]))`;
    const urls = [
      'http://shop/health',
      'https://shop.example:8000/api/healthz/?x=1',
      'http://shop/ready',
      'http://shop/cart',
      'http://shop/healthy-food',
      'http://health',
    ];
    const events = [...urls.map((url) => ({ request: { url } })), { request: {} }, {}];
    expect(JSON.parse(python(program, observability, JSON.stringify(events)))).toEqual([
      ...[false, false, false],
      ...[true, true, true, true, true],
    ]);
  });

  it('shows a config that is valid', () => {
    const [config = ''] = samples('sentry-fastapi.md', 'yaml');
    expect(configSchema.parse(parseYaml(config))).toMatchObject({ services: [{ strip: '/srv/shop' }] });
  });
});

describe('docs/sources/sentry.md', () => {
  it('shows a config that is valid', () => {
    const [config = ''] = samples('sentry.md', 'yaml');
    expect(configSchema.parse(parseYaml(config)).overrides).toMatchObject([{ match: { source: 'sentry' } }]);
  });

  it('has rules that Sentry fires as promised and whose names say the trigger', () => {
    const rule = JSON.parse(read('sentry-alert-rule.json'));
    const spike = JSON.parse(read('sentry-spike-rule.json'));
    const name = (condition: { id: string }) => condition.id.split('.').at(-1);
    expect(rule.conditions.map(name)).toEqual([
      'FirstSeenEventCondition',
      'RegressionEventCondition',
      'EventFrequencyCondition',
    ]);
    expect(rule.conditions[2]).toMatchObject({ value: 10, interval: '5m', comparisonType: 'count' });
    expect(spike.conditions).toMatchObject([{ value: 1, interval: '5m' }]);
    for (const { actionMatch, filterMatch, frequency, conditions, actions } of [rule, spike]) {
      expect([actionMatch, filterMatch]).toEqual(['any', 'all']);
      // Sentry takes 5 minutes to 30 days.
      expect(frequency).toBeGreaterThanOrEqual(5);
      for (const { id } of [...conditions, ...actions]) expect(id).toMatch(/^sentry\.rules\.\w+\.\w+\.\w+$/);
      expect(actions).toMatchObject([{ service: 'self-healing' }]);
    }
    expect([ruleTrigger(rule.name), ruleTrigger(spike.name)]).toEqual(['alert', 'spike']);
    const named = [...read('sentry.md').matchAll(/`(self-healing: [a-z ]+)`/g)].map(([, one = '']) => ruleTrigger(one));
    expect(named).toEqual(['new_issue', 'regression', 'spike', 'spike']);
  });

  it('has commands that work', async () => {
    const serving = await served();
    const run = promisify(execFile);
    const env = { ...process.env, ...SECRETS, SELF_HEALING: serving.url };
    const [webhook = '', dsn = '', ...others] = samples('sentry.md', 'sh');
    expect(others).toEqual([]);
    const answer = async (script: string) => JSON.parse((await run('sh', ['-c', script], { env })).stdout);
    expect(await answer(webhook)).toMatchObject({ events: 1, incidents: [expect.stringMatching(/^INC-/)] });
    expect(await answer(dsn)).toEqual({ id: 'fedcba9876543210fedcba9876543210' });
    expect(serving.bench.db.get('SELECT count(*) AS n FROM events')).toEqual({ n: 2 });
  });
});
