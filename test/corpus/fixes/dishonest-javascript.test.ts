import { bring } from './bring.ts';
import { DISHONEST_JAVASCRIPT } from './cases/dishonest-javascript.ts';
import { TENANTS } from './subjects/tenants.ts';

bring(TENANTS, DISHONEST_JAVASCRIPT);
