/** Payment card numbers, told from other digits by network and checksum; the payment providers' test cards are none. */
import type { Sighting } from './sighting.ts';

const CARD = /(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){10,12}(?![\w-]|\.\d)/g;
/** 14 to 16 digits of a known network. Visa's old 13 and the rare 19 digits are left out: too many other numbers are as long. */
const NETWORK =
  /^(?:4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|4[4-9]\d|5\d\d)\d{12}|35\d{14}|3[068]\d{12})$/;

export function cardSightings(text: string): Sighting[] {
  return [...text.matchAll(CARD)]
    .filter(({ 0: digits }) => isCardNumber(digits) && !isTestCard(digits.replace(/\D/g, '')))
    .map(({ 0: match, index }) => ({ kind: 'card_number', start: index, end: index + match.length, sure: true }));
}

/** Whether the digits of a text are a card's: its network exists and its checksum (Luhn) is right. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (!NETWORK.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]) * (i % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** As the providers document them; what repeats zeros, or one digit, is nobody's card either. */
const TEST_CARDS = new Set(
  `4242424242424242 4111111111111111 4012888888881881 4012000033330026 4222222222222 4005519200000004 4009348888881881
   4012000077777777 4217651111111119 4500600000000061 4917610000000000 4988438843884305 4166676667666746 4646464646464644
   4977949494949497 4444333322221111 4462030000000000 4484070000000000 5555555555554444 5105105105105100 5200828282828210
   5454545454545454 5555341244441115 5424000000000015 5425233430109903 5431111111111111 5100290029002909 5577000055770004
   5136333333333335 5585558555855583 2222400010000008 2222400030000004 2222400070000005 2223003122003222 2223000048400011
   2223520043560014 378282246310005 371449635398431 378734493671000 370000000000002 374251018720018 346827630435344
   6011111111111117 6011000990139424 6011981111111113 6011601160116611 6445644564456445 30569309025904 38520000023237
   36227206271667 36006666333344 3566002020360505 3530111333300000 3569990010095841 6555900000604105 6759649826438453`
    .trim()
    .split(/\s+/),
);

function isTestCard(digits: string): boolean {
  return TEST_CARDS.has(digits) || /0{5}|(\d)\1{6}|(\d\d)\2{4}|(\d{4})\3{2}/.test(digits);
}
