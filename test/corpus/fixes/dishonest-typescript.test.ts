import { bring } from './bring.ts';
import { DISHONEST_TYPESCRIPT } from './cases/dishonest-typescript.ts';
import { CART } from './subjects/cart.ts';

bring(CART, DISHONEST_TYPESCRIPT);
