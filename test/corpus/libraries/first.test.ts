/** One library of each language, with its authors' fix and one that hides the error. All of them: `every-*.test.ts`. */
import { vi } from 'vitest';
import { bring } from '../fixes/bring.ts';
import { MINIMIST, MINIMIST_CASES } from './subjects/minimist.ts';
import { UFO, UFO_CASES } from './subjects/ufo.ts';
import { XMLTODICT, XMLTODICT_CASES } from './subjects/xmltodict.ts';

// Each case is a whole verification.
vi.setConfig({ testTimeout: 180_000 });

bring(MINIMIST, MINIMIST_CASES.slice(0, 2));
bring(XMLTODICT, XMLTODICT_CASES.slice(0, 2));
bring(UFO, UFO_CASES.slice(0, 2));
