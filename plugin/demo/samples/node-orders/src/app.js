import { HttpError } from './http-error.js';
import { tenantOf } from './tenant-context.js';

/**
 * The service without its socket: one request in, one answer out. Errors that the client caused become answers; all
 * others are thrown, for the server to log.
 * @param {{ sessions: object, tenants: object, orders: import('./orders.js').Orders }} services
 */
export function createApp(services) {
  /** @param {{ method: string, path: string, headers: Record<string, string | undefined>, body?: any }} request */
  return function handle(request) {
    try {
      return route(request, services);
    } catch (error) {
      if (error instanceof HttpError) return { status: error.status, body: { error: error.message } };
      throw error;
    }
  };
}

function route(request, services) {
  const [, resource, id, action] = request.path.split('/');
  if (resource === 'health') return { status: 200, body: { ok: true } };
  if (resource !== 'orders') throw new HttpError(404, `nothing at ${request.path}`);

  const context = tenantOf(request, services);
  const { orders } = services;
  switch (`${request.method} ${[id && ':id', action].filter(Boolean).join('/')}`) {
    case 'GET ':
      return { status: 200, body: { orders: orders.list(context) } };
    case 'POST ':
      return { status: 201, body: orders.place(context, request.body ?? {}) };
    case 'GET :id':
      return { status: 200, body: orders.get(context, id) };
    case 'POST :id/cancel':
      return { status: 200, body: orders.cancel(context, id) };
    default:
      throw new HttpError(405, `${request.method} is not possible here`);
  }
}
