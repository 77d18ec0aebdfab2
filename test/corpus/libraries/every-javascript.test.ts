import { bring } from '../fixes/bring.ts';
import { MINIMIST, MINIMIST_CASES } from './subjects/minimist.ts';
import { PICOMATCH, PICOMATCH_CASES } from './subjects/picomatch.ts';
import { QS, QS_CASES } from './subjects/qs.ts';

bring(MINIMIST, MINIMIST_CASES);
bring(QS, QS_CASES);
bring(PICOMATCH, PICOMATCH_CASES);
