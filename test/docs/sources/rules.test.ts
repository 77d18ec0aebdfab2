import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'docs', 'sources');
const RULES = join(FOLDER, 'rules');
const scratch = mkdtempSync(join(tmpdir(), 'self-healing-rules-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

const fileSchema = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        name: z.string(),
        rules: z
          .array(
            z.strictObject({
              alert: z.string(),
              expr: z.string(),
              for: z.string().regex(/^\d+[sm]$/),
              labels: z.strictObject({ severity: z.enum(['critical', 'high', 'warning']) }),
              annotations: z.looseObject({ summary: z.string().regex(/^[^$]*\$labels\.service[^$]*$/) }),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
});

describe('the rule files', () => {
  it('are complete, and their summary names the service and no number', () => {
    const files = readdirSync(RULES);
    expect(files.sort()).toEqual(['error-rate.yml', 'latency.yml', 'loki-errors.yml']);
    for (const file of files) fileSchema.parse(parse(readFileSync(join(RULES, file), 'utf8')));
  });

  it('stand in the pages that name them', () => {
    const pages = ['alertmanager.md', 'loki.md'].map((page) => readFileSync(join(FOLDER, page), 'utf8')).join('');
    for (const file of readdirSync(RULES)) expect(pages).toContain(`(rules/${file})`);
  });

  it.skipIf(!has('promtool'))('for Prometheus are right, and fire when they should', () => {
    const files = ['error-rate.yml', 'latency.yml'].map((file) => join(RULES, file));
    execFileSync('promtool', ['check', 'rules', ...files], { stdio: 'pipe' });
    const series = (name: string, per: number) => ({ series: name, values: `0+${per}x20` });
    const requests = (service: string, good: number, bad: number) => [
      series(`http_requests_total{service="${service}",status="200"}`, good),
      series(`http_requests_total{service="${service}",status="503"}`, bad),
    ];
    const durations = (service: string, quick: number) => [
      series(`http_request_duration_seconds_bucket{service="${service}",le="0.5"}`, quick),
      series(`http_request_duration_seconds_bucket{service="${service}",le="2"}`, 1000),
      series(`http_request_duration_seconds_bucket{service="${service}",le="+Inf"}`, 1000),
    ];
    const fired = (service: string, severity: string, summary: string, description: string) => ({
      exp_labels: { service, severity },
      exp_annotations: { summary: `${service}: ${summary}`, description },
    });
    const latency = fired(
      'slow',
      'warning',
      'one request in twenty takes longer than 500 ms',
      'The 95th percentile of slow is 1000ms.',
    );
    const share = '2% of the requests of broken failed in the last 5 minutes.';
    writeFileSync(
      join(scratch, 'test.yml'),
      JSON.stringify({
        rule_files: files,
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            input_series: [
              ...requests('broken', 980, 20),
              ...requests('well', 995, 5),
              ...durations('slow', 925),
              ...durations('quick', 990),
            ],
            alert_rule_test: [
              { eval_time: '1m', alertname: 'HighErrorRate', exp_alerts: [] },
              {
                eval_time: '10m',
                alertname: 'HighErrorRate',
                exp_alerts: [fired('broken', 'critical', 'more than 1 % of the requests fail', share)],
              },
              { eval_time: '15m', alertname: 'HighLatency', exp_alerts: [latency] },
            ],
          },
        ],
      }),
    );
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', join(scratch, 'test.yml')], {
      encoding: 'utf8',
    });
    expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
  });

  it.skipIf(!has('amtool'))('come with configurations that Alertmanager takes', () => {
    for (const page of ['alertmanager.md', 'loki.md']) {
      const text = readFileSync(join(FOLDER, page), 'utf8');
      const [block = ''] = /^ {7}route:\n(?: {7}.*\n|\n(?= {7}))*/m.exec(text) ?? [];
      const file = join(scratch, `${page}.yml`);
      writeFileSync(file, block.replace(/^ {7}/gm, ''));
      const { status, stdout, stderr } = spawnSync('amtool', ['check-config', file], { encoding: 'utf8' });
      expect({ page, status, said: status === 0 ? '' : stdout + stderr }).toEqual({ page, status: 0, said: '' });
    }
  });
});
