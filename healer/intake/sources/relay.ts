import { relayDelivery } from '../../../events/sources/relay.ts';
import { timedSignature } from '../proofs/timed-signature.ts';
import type { Source } from '../source.ts';

/** The watcher of another machine: docs/sources/relay.md. */
export const relay: Source = {
  name: 'relay',
  proofs: [timedSignature('SELF_HEALING_RELAY_SECRET', 'X-Self-Healing-Signature')],
  deliveryId: (_headers, text) => relayDelivery(text),
};
