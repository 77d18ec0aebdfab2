import { describe, expect, it } from 'vitest';
import { normalize } from '../../../events/normalize.ts';

const now = new Date('2026-12-01T00:00:00Z');
type Words = Record<string, string>;
const alert = (labels: Words = {}, annotations: Words = {}, more: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'HighErrorRate', ...labels },
  annotations: { summary: 'more than 1 % of the requests fail', ...annotations },
  startsAt: '2026-11-20T10:00:00.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus:9090/graph?g0.expr=x',
  fingerprint: 'c0ffee0123456789',
  ...more,
});
const read = (alerts: object[], more: object = {}, options = {}) =>
  normalize('alertmanager', JSON.stringify({ version: '4', groupKey: '{}:{}', alerts, ...more }), { now, ...options });

describe('a webhook of Alertmanager', () => {
  it('tells an alert with what its labels and annotations say', () => {
    expect(
      read([alert({ severity: 'critical', service: 'shop', env: 'prod', method: 'GET', route: '/cart' })]),
    ).toMatchObject([
      {
        source: 'alertmanager',
        actionable: true,
        trigger: 'alert',
        type: 'HighErrorRate',
        message: 'more than 1 % of the requests fail',
        severity: 'critical',
        service: 'shop',
        environment: 'prod',
        endpoint: 'GET /cart',
        count: 1,
        first_seen: '2026-11-20T10:00:00.123Z',
        group: '{}:{}',
        url: expect.stringContaining('/graph'),
        labels: { alertname: 'HighErrorRate' },
      },
    ]);
  });

  it('is the same alert as long as it fires, and another one when it fires again', () => {
    const id = (one: object) => read([one])[0]?.id;
    expect(id(alert())).toBe(id(alert({}, { summary: 'now 3 %' })));
    expect(id(alert())).not.toBe(id(alert({}, {}, { startsAt: '2026-11-20T11:00:00Z' })));
    expect(id(alert())).not.toBe(id(alert({}, {}, { status: 'resolved' })));
  });

  it('keeps the alerts of a group apart, and says that some were cut off', () => {
    const events = read([alert(), alert({ instance: 'b' }, {}, { fingerprint: 'b0ffee0123456789' })], {
      truncatedAlerts: 5,
    });
    expect(events).toHaveLength(2);
    expect(events[0]?.annotations).toMatchObject({ truncated_alerts: '5' });
    expect(events[0]?.fingerprint).toBe(events[1]?.fingerprint);
  });

  it('is one error for all instances of a service, whatever it says of them', () => {
    const fingerprints = (...alerts: object[]) => new Set(read(alerts).map((event) => event.fingerprint));
    const on = (instance: string, labels: Words = {}) =>
      alert(
        { service: 'shop', instance, pod: `shop-${instance}`, ...labels },
        { summary: `${instance} answers 7 % of its requests with an error` },
        { fingerprint: undefined },
      );
    expect(fingerprints(on('web-a:9090'), on('web-b:9090'), on('10.0.0.7:9090'), on('zebra')).size).toBe(1);
    expect(fingerprints(on('web-a'), on('web-a', { service: 'pay' })).size).toBe(2);
    expect(fingerprints(on('web-a'), on('web-a', { alertname: 'SlowAnswers' })).size).toBe(2);
    expect(fingerprints(on('web-a', { route: '/cart' }), on('web-a', { route: '/pay' })).size).toBe(2);
    // What says no more than its rule is one of it.
    expect(fingerprints(alert({ instance: 'a' }, { summary: 'a is down' }), alert({ instance: 'b' })).size).toBe(1);
  });

  it('is the same one whichever of Alertmanager, Loki and Grafana tells it', () => {
    const told = JSON.stringify({ version: '4', alerts: [alert({ app: 'shop' })] });
    const fingerprints = ['alertmanager', 'loki', 'grafana'].map(
      (source) => normalize(source, told, { now })[0]?.fingerprint,
    );
    expect(new Set(fingerprints).size).toBe(1);
  });

  it.each([
    [alert({}, {}, { status: 'resolved' }), 'resolved'],
    [alert({ alertname: 'Watchdog' }), 'always fires'],
    [alert({ alertname: 'DatasourceNoData', rulename: 'errors' }), 'errors could not be evaluated'],
  ])('of some alerts starts nothing', (one, reason) => {
    expect(read([one])).toMatchObject([{ actionable: false, reason: expect.stringContaining(reason) }]);
  });

  it.each([
    ['page', 'critical'],
    ['Warning', 'medium'],
    ['info', 'low'],
    ['strange', 'medium'],
  ])('says %s and means %s', (label, severity) => {
    expect(read([alert({ severity: label })])).toMatchObject([{ severity }]);
  });

  it('belongs to the service that the config names for its labels', () => {
    const serviceOf = ({ namespace }: Readonly<Words>) => (namespace === 'pay' ? 'payment' : undefined);
    expect(read([alert({ namespace: 'pay', service: 'x' })], {}, { serviceOf })).toMatchObject([
      { service: 'payment' },
    ]);
  });

  it('of another version is refused with the place', () => {
    expect(() => read([alert()], { version: '3' })).toThrow('version: must be "4"');
    expect(() => read([{ status: 'odd' }])).toThrow('alerts.0.status');
  });
});
