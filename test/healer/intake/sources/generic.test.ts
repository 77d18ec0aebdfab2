import { sourceContract } from '../source.contract.ts';
import { bearerHeaders } from './bearer-headers.ts';

let told = 0;
sourceContract({
  name: 'generic',
  variable: 'GENERIC_TOKEN',
  fresh: () =>
    JSON.stringify({
      message: `marker-of-the-body order ${'x'.repeat(++told)} lost`,
      id: `e-${told}`,
      service: 'shop',
    }),
  strange: '{"mesage":"x"}',
  sign: bearerHeaders,
});
