import { describe, expect, it } from 'vitest';
import { failedRequest, hasError, isTimeout, type KnownEvent } from '../../../gate/reproduction/incident-kind.ts';

const event = (extra: Partial<KnownEvent>): KnownEvent => ({ type: '', message: '', frames: [], ...extra });

describe('failedRequest', () => {
  it.each([
    [{ type: 'HTTP 500', message: 'POST /orders answered 500', endpoint: 'POST /orders' }, 'POST', '/orders', 500],
    [{ message: 'POST /orders 500', endpoint: 'POST /orders' }, 'POST', '/orders', 500],
    [{ message: 'status 502 from upstream', endpoint: 'get /orders/500?x=1' }, 'GET', '/orders/500', 502],
    [{ message: 'answered 404', endpoint: '/orders' }, undefined, '/orders', 404],
  ])('reads %o', (extra, method, path, status) => {
    expect(failedRequest(event(extra))).toEqual({ method, path, status });
    expect(hasError(event(extra))).toBe(false);
  });

  it.each([
    [{ type: 'TypeError', message: 'x is undefined, 500', endpoint: 'POST /orders' }],
    [{ message: 'POST /orders 500' }],
    [{ message: 'took 500 ms, on port 10.0.0.1:500', endpoint: 'POST /orders' }],
    [{ message: 'POST /orders 201', endpoint: 'POST /orders' }],
    [{ type: 'HTTP 500', endpoint: 'POST /orders', frames: [{ file: 'src/a.js', in_app: true }] }],
  ])('does not read %o', (extra) => expect(failedRequest(event(extra))).toBeUndefined());
});

it('knows an alert by its source, whatever the alert is called', () => {
  const alert = event({ source: 'alertmanager', type: 'HighErrorRate', message: 'more than 5 % of orders fail' });
  expect(hasError(alert)).toBe(false);
  expect(hasError({ ...alert, source: 'log' })).toBe(true);
});

it.each([
  ['request timed out', true],
  ['context deadline exceeded', true],
  ['connect ETIMEDOUT', true],
  ['upstream did not respond within 30 s', true],
  ['Cannot read properties of undefined', false],
  ['the deadline of the order is wrong', false],
])('tells whether "%s" is about time: %s', (message, expected) => expect(isTimeout(event({ message }))).toBe(expected));
