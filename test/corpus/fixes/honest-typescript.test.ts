import { bring } from './bring.ts';
import { HONEST_TYPESCRIPT } from './cases/honest-typescript.ts';
import { CART } from './subjects/cart.ts';

bring(CART, HONEST_TYPESCRIPT);
