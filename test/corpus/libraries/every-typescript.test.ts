import { bring } from '../fixes/bring.ts';
import { COOKIE, COOKIE_CASES } from './subjects/cookie.ts';
import { UFO, UFO_CASES } from './subjects/ufo.ts';

bring(COOKIE, COOKIE_CASES);
bring(UFO, UFO_CASES);
