/** A webhook of one firing alert, another one each time. */
let told = 0;
export function freshAlert(version = '4'): string {
  const labels = { alertname: 'HighErrorRate', service: 'shop', severity: 'critical' };
  return JSON.stringify({
    version,
    groupKey: '{}:{alertname="HighErrorRate"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'self-healing',
    groupLabels: { alertname: 'HighErrorRate' },
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: 'http://alertmanager:9093',
    alerts: [
      {
        status: 'firing',
        labels,
        annotations: { summary: 'marker-of-the-body more than 1 % of the requests fail' },
        startsAt: new Date(Date.UTC(2026, 10, 20, 10, 0, ++told)).toISOString(),
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://prometheus:9090/graph',
        fingerprint: 'c0ffee0123456789',
      },
    ],
  });
}
