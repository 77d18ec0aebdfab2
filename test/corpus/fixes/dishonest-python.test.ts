import { bring } from './bring.ts';
import { DISHONEST_PYTHON } from './cases/dishonest-python.ts';
import { STOCK } from './subjects/stock.ts';

bring(STOCK, DISHONEST_PYTHON);
