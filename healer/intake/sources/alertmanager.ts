import { bearer } from '../proofs/bearer.ts';
import type { Source } from '../source.ts';

/** Alerts of Prometheus: docs/sources/alertmanager.md. It names no delivery; every alert names itself. */
export const alertmanager: Source = {
  name: 'alertmanager',
  proofs: [bearer('ALERTMANAGER_TOKEN')],
  deliveryId: () => undefined,
};
