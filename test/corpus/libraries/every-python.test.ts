import { bring } from '../fixes/bring.ts';
import { SCHEDULE, SCHEDULE_CASES } from './subjects/schedule.ts';
import { SCHEMA, SCHEMA_CASES } from './subjects/schema.ts';
import { XMLTODICT, XMLTODICT_CASES } from './subjects/xmltodict.ts';

bring(XMLTODICT, XMLTODICT_CASES);
bring(SCHEMA, SCHEMA_CASES);
bring(SCHEDULE, SCHEDULE_CASES);
