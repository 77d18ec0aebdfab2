import { bring } from './bring.ts';
import { HONEST_JAVASCRIPT } from './cases/honest-javascript.ts';
import { TENANTS } from './subjects/tenants.ts';

bring(TENANTS, HONEST_JAVASCRIPT);
