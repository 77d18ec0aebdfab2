import { bearer } from '../proofs/bearer.ts';
import type { Source } from '../source.ts';

/** Alerts of Loki's ruler, which come through an Alertmanager: docs/sources/loki.md. */
export const loki: Source = {
  name: 'loki',
  proofs: [bearer('LOKI_TOKEN')],
  deliveryId: () => undefined,
};
