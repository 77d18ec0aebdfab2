import { sourceContract } from '../source.contract.ts';
import { freshAlert } from './alert.ts';
import { bearerHeaders } from './bearer-headers.ts';

sourceContract({
  name: 'loki',
  variable: 'LOKI_TOKEN',
  fresh: () => freshAlert(),
  strange: '{"version":"4","alerts":{}}',
  sign: bearerHeaders,
});
