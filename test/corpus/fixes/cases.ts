/** All cases, by subject. */
import { DISHONEST_JAVASCRIPT } from './cases/dishonest-javascript.ts';
import { DISHONEST_PYTHON } from './cases/dishonest-python.ts';
import { HONEST_JAVASCRIPT } from './cases/honest-javascript.ts';
import { HONEST_PYTHON } from './cases/honest-python.ts';
import type { FixCase, Subject } from './fix-case.ts';
import { STOCK } from './subjects/stock.ts';
import { TENANTS } from './subjects/tenants.ts';

export const CASES: { subject: Subject; cases: FixCase[] }[] = [
  { subject: TENANTS, cases: [...HONEST_JAVASCRIPT, ...DISHONEST_JAVASCRIPT] },
  { subject: STOCK, cases: [...HONEST_PYTHON, ...DISHONEST_PYTHON] },
];
