import { customerOf } from './customers.js';
import { BillingError } from './errors.js';
import { invoiceFor, quoteFor } from './invoices.js';

export interface Answer {
  status: number;
  body: unknown;
}

/** One request in, one answer out. Errors that the client caused become answers; all others are thrown. */
export function handle(method: string, url: URL): Answer {
  try {
    return { status: 200, body: route(method, url) };
  } catch (error) {
    if (error instanceof BillingError) return { status: error.status, body: { error: error.message } };
    throw error;
  }
}

function route(method: string, url: URL): unknown {
  const [, resource, id = '', what] = url.pathname.split('/');
  if (method !== 'GET' || resource !== 'customers') throw new BillingError(404, `nothing at ${method} ${url.pathname}`);
  switch (what) {
    case 'invoice':
      return invoiceFor(customerOf(id), url.searchParams.get('month') ?? '');
    case 'quote':
      return quoteFor(customerOf(id), url.searchParams.get('plan') ?? '');
    default:
      throw new BillingError(404, `nothing at ${url.pathname}`);
  }
}
