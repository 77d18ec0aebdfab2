import { expect, it } from 'vitest';
import { matchRoute, type Route } from '../../../../healer/intake/http/routes.ts';

const answer = async () => ({ status: 200, body: {} });
const routes: Route[] = [
  { method: 'POST', path: '/intake/generic', answer },
  { method: 'POST', path: '/api/:project/envelope/', answer },
  { method: 'GET', path: '/healthz', answer },
];

it('finds a route by its method and path, with what the path names', () => {
  expect(matchRoute(routes, 'POST', '/intake/generic')).toMatchObject({ found: 'route', params: {} });
  for (const path of ['/api/42/envelope/', '/api/42/envelope'])
    expect(matchRoute(routes, 'POST', path)).toMatchObject({ found: 'route', params: { project: '42' } });
  expect(matchRoute(routes, 'DELETE', '/healthz/')).toEqual({ found: 'path', methods: ['GET'] });
  for (const path of ['/', '', '/intake', '/intake/generic/more', '/intake/__proto__', '//healthz'])
    expect(matchRoute(routes, 'POST', path)).toEqual({ found: 'nothing' });
});
