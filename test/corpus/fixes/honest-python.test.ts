import { bring } from './bring.ts';
import { HONEST_PYTHON } from './cases/honest-python.ts';
import { STOCK } from './subjects/stock.ts';

bring(STOCK, HONEST_PYTHON);
