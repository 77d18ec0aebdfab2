/** Telephone numbers: international ones, in quotes or after a word that announces one. Others look like any number. */

/** The first group is what stands before the number, the second the number after its plus sign. */
export const PHONE_NUMBER =
  /(["'`]|tel:|(?:phone|mobile|cell|fax|tel|call|whatsapp|sms|handy|telefon)["'`]?[\w ]{0,12}[:=]?\s{0,3}["'`]?)\+([1-9]\d{0,2}[ ()./-]{0,2}(?:\(?\d{1,4}\)?[ ./-]?){2,6}\d{2,4})(?!\d)/gi;

/** E.164: up to 15 digits; fewer than 9 reach nobody from abroad. */
export function isPhoneNumber(number: string): boolean {
  const { length } = number.replace(/\D/g, '');
  return length >= 9 && length <= 15;
}
