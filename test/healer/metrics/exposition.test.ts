/** `GET /metrics` of a running service, judged by Prometheus' own linter. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { served } from '../intake/serving.ts';
import { HOUR, history, START } from './history.ts';

it('is what Prometheus reads, counted from rows', async () => {
  const clock = { now: START };
  const { url, bench } = await served({ now: () => new Date(clock.now) });
  const { incident, go, diagnosed, ran, proposed } = history(() => bench.db, clock);
  const first = async () => {
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    return response.text();
  };
  const before = await first();
  expect(before).toContain('self_healing_incidents{status="queued"} 0\n');
  // Nothing was counted, so there is no rate.
  expect(before).not.toContain('self_healing_auto_fix_ratio');

  const id = await incident('a');
  await go(id, 'detected', 'queued', 'healing');
  diagnosed(id, 'odd "class"\\\n');
  ran(id, 1, 0.25);
  clock.now += HOUR;
  await proposed(id);
  const text = await first();
  expect(text).toContain('self_healing_incidents{status="proposed"} 1\n');
  expect(text).toContain('self_healing_transitions_total{to="proposed"} 1\n');
  expect(text).toContain('self_healing_cost_usd_total{phase="fix",failure_mode="none"} 0.25\n');
  expect(text).toContain('self_healing_errors_total{source="sentry"} 1\n');
  expect(text).toContain('self_healing_auto_fix_ratio{class="all"} 1\n');
  expect(text).toContain('self_healing_time_to_fix_seconds{class="odd \\"class\\"\\\\\\n"} 3600\n');
  const lint = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  // 3: it would name something another way; 1 and 2: it cannot be read.
  expect(lint.error).toBeUndefined();
  expect({ exit: lint.status, said: lint.stderr }).toEqual({ exit: 0, said: '' });
});
