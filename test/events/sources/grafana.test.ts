import { expect, it } from 'vitest';
import { normalize } from '../../../events/normalize.ts';

const alert = {
  status: 'firing',
  labels: { alertname: 'Errors', grafana_folder: 'shop', service: 'shop' },
  annotations: { summary: 'orders fail' },
  startsAt: '2026-11-20T12:00:00+02:00',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'https://grafana.example.com/alerting/1/edit',
  fingerprint: '57c6d9296de2ad39',
  silenceURL: 'https://grafana.example.com/alerting/silence/new',
  dashboardURL: 'https://grafana.example.com/d/1',
  panelURL: 'https://grafana.example.com/d/1?viewPanel=2',
  values: { B: 44.2, C: 1 },
  valueString: "[ var='B' labels={} value=44.2 ]",
};
const read = (...alerts: object[]) =>
  normalize(
    'grafana',
    JSON.stringify({ receiver: 'self-healing', status: 'firing', orgId: 1, version: '1', groupKey: 'g', alerts }),
    { now: new Date('2026-12-01T00:00:00Z') },
  );

it('is an alert with what it measured and the panel that shows it', () => {
  expect(read(alert)).toMatchObject([
    {
      source: 'grafana',
      type: 'Errors',
      message: 'orders fail',
      service: 'shop',
      severity: 'medium',
      first_seen: '2026-11-20T10:00:00.000Z',
      url: 'https://grafana.example.com/d/1?viewPanel=2',
      annotations: { values: '{"B":44.2,"C":1}' },
    },
  ]);
});

it('starts nothing when it is resolved, or says that a rule could not be evaluated', () => {
  const events = read(
    { ...alert, status: 'resolved' },
    { ...alert, values: null, labels: { alertname: 'DatasourceError', rulename: 'Errors' } },
  );
  expect(events.map(({ actionable }) => actionable)).toEqual([false, false]);
});
