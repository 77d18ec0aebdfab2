import { bearer } from '../proofs/bearer.ts';
import type { Source } from '../source.ts';

/** Grafana's own alerting: docs/sources/alertmanager.md. It is an Alertmanager inside, and shares the token of that source. */
export const grafana: Source = {
  name: 'grafana',
  proofs: [bearer('ALERTMANAGER_TOKEN')],
  deliveryId: () => undefined,
};
