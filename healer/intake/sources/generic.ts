import { bearer } from '../proofs/bearer.ts';
import type { Source } from '../source.ts';

/** Any program that can send JSON: docs/sources/generic.md. */
export const generic: Source = {
  name: 'generic',
  proofs: [bearer('GENERIC_TOKEN')],
  deliveryId: (headers) => headers['idempotency-key'],
};
