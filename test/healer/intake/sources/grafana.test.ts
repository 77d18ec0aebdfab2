import { sourceContract } from '../source.contract.ts';
import { freshAlert } from './alert.ts';
import { bearerHeaders } from './bearer-headers.ts';

sourceContract({
  name: 'grafana',
  variable: 'ALERTMANAGER_TOKEN',
  fresh: () => freshAlert('1'),
  strange: '{"version":"1","alerts":[{"status":"alerting"}]}',
  sign: bearerHeaders,
});
