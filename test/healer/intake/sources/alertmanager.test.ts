import { sourceContract } from '../source.contract.ts';
import { freshAlert } from './alert.ts';
import { bearerHeaders } from './bearer-headers.ts';

sourceContract({
  name: 'alertmanager',
  variable: 'ALERTMANAGER_TOKEN',
  fresh: () => freshAlert(),
  strange: '{"version":"3","alerts":[]}',
  sign: bearerHeaders,
});
