/** Telephone numbers of somebody. */
import { isPhoneNumber, PHONE_NUMBER } from '../../events/redact/phone-number.ts';
import type { Sighting } from './sighting.ts';

/** Numbers kept free for stories and tests (555-01xx, Ofcom's, ACMA's, Arcep's), and those that count or repeat. */
const FICTIONAL =
  /^1\d{3}55501\d\d$|^1?5550\d{3,6}$|^1555\d{7}$|^44(?:7700900|2079460|1632960)\d{3}$|^61(?:491570|255550|355501)\d*$|^33(?:199000|639980)\d*$|^49(?:15|30)?\d*(?:23125|12345|0000)\d*$|(\d)\1{4}|(\d\d)\2{3}|01234|12345|23456|34567|45678|56789|98765|87654/;

export function phoneSightings(text: string): Sighting[] {
  return [...text.matchAll(PHONE_NUMBER)]
    .filter(({ 2: number = '' }) => isPhoneNumber(number) && !FICTIONAL.test(number.replace(/\D/g, '')))
    .map(({ 0: match, index }) => ({ kind: 'phone_number', start: index, end: index + match.length, sure: true }));
}
