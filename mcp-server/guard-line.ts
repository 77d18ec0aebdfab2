/**
 * The guard's own way through the server. Two events come with every tool call of the client, which waits for the answers;
 * what the protocol's library does for any other request (schemas of request and result, cancellation, progress) would
 * cost more than most judgements. Every other message goes the usual way.
 */
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { CallToolResult, JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';

/** Put in once the server is connected. `answer` never rejects; an answer that reaches nobody any more is dropped. */
export function answerGuards(transport: Transport, answer: (input: unknown) => Promise<CallToolResult>): void {
  const usual = transport.onmessage;
  transport.onmessage = (message, extra) => {
    const asked = guardCall(message);
    if (asked === undefined) return usual?.(message, extra);
    void answer(asked.input)
      .then((result) => transport.send({ jsonrpc: '2.0', id: asked.id, result }))
      .catch((error: unknown) => transport.onerror?.(error instanceof Error ? error : new Error(String(error))));
  };
}

function guardCall(message: JSONRPCMessage): { id: RequestId; input: unknown } | undefined {
  if (!('id' in message) || !('method' in message) || message.method !== 'tools/call') return undefined;
  return message.params?.name === 'guard' ? { id: message.id, input: message.params.arguments } : undefined;
}
