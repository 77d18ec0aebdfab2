import { HttpError } from './http-error.js';

/**
 * For whom a request works: the tenant of its session. Nothing else in a request may choose the tenant.
 * @param {{ headers: Record<string, string | undefined> }} request
 * @param {{ sessions: import('./sessions.js').Sessions, tenants: import('./tenants.js').Tenants }} services
 */
export function tenantOf(request, { sessions, tenants }) {
  const session = sessions.find(bearerToken(request));
  const tenant = tenants.get(session.tenantId);
  if (tenant === undefined) throw new HttpError(403, 'this tenant is closed');
  return { tenant, user: session.user };
}

function bearerToken({ headers }) {
  const [scheme, token] = (headers.authorization ?? '').split(' ');
  if (scheme !== 'Bearer' || !token) throw new HttpError(401, 'send Authorization: Bearer <session>');
  return token;
}
