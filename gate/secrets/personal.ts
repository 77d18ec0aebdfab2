/** Personal data of real people: mail addresses, bank accounts, telephone numbers. */
import { isRealHost } from './host.ts';
import type { Sighting } from './sighting.ts';

export function personalSightings(text: string, path: string): Sighting[] {
  return [...(ATTRIBUTION_FILE.test(path) ? [] : emails(text)), ...ibans(text), ...phones(text)];
}

const EMAIL = /(?<![\w.+@/-])(\w[\w.%+-]{0,63})@((?:[A-Za-z0-9-]{1,63}\.){1,6}([A-Za-z]{2,24}))(?![\w@-])(:\/)?/g;
/** Addresses of functions, and the people of examples. */
const NOBODY =
  /^(?:git|ssh|no-?reply|do-?not-?reply|npm|root|admin(?:istrator)?|postmaster|webmaster|hostmaster|abuse|security|support|help(?:desk)?|info|contact|hello|hi|sales|billing|legal|privacy|press|jobs|careers|team|office|feedback|service|newsletter|notifications?|mail|e?mail|user(?:name)?|you|your[\w.-]*|me|my[\w.-]*|name|first(?:name)?[._-]?last(?:name)?|some\w*|any\w*|nobody|x-oauth-basic|x-access-token|asd\w*|lkj\w*|(\w)\1+|test(?:er|ing|user)?|demo|example|sample|dummy|fake|foo(?:bar)?|bar|baz|qux|abc|xyz|asdf|j(?:ohn|ane)?[._-]?(?:doe|smith)|john|jane|alice|bob|eve|customer|client|buyer|guest|owner|sender|recipient|from|to|src|dst|source|dest|target|invalid|not[._-]?an?[._-]?email|[a-z])[\d_+-]*(?:\+[\w.-]+)?$/i;
/** `icon@2x.png`, `lodash@4.17.21.tgz`. */
const FILE_ENDING =
  /^(?:png|jpe?g|gif|svg|webp|avif|ico|[cm]?[jt]sx?|s?css|less|json|map|html?|xml|ya?ml|txt|tgz|gz|zip|so|dll|exe|vue|svelte)$/i;
/** Who wrote a file or a commit stands there by their own will. */
const ATTRIBUTION =
  /@author|@license|copyright|\(c\)|©|-by:|"?(?:author|maintainer|contributor|bugs)s?"?\s*[:=(]|"email"|SPDX-|licen[cs]ed|maintained by|written by|contact:/i;

/** Files that are there to name people. */
const ATTRIBUTION_FILE =
  /(?:^|\/)(?:authors|contributors|maintainers|credits|thanks|licen[cs]e|copying|notice|codeowners|code_of_conduct|security|changelog|\.mailmap|package\.json|composer\.json|pyproject\.toml|setup\.(?:py|cfg)|cargo\.toml|pom\.xml|[\w.-]+\.gemspec)(?:[-.][\w.-]*)?$/i;

function emails(text: string): Sighting[] {
  const found: Sighting[] = [];
  for (const { 0: match, 1: local = '', 2: host = '', 3: ending = '', 4: path, index } of text.matchAll(EMAIL)) {
    if (path || NOBODY.test(local) || FILE_ENDING.test(ending) || !isRealHost(host)) continue;
    // The end of `scheme://user:password@host` is not an address, nor is an ssh remote.
    if (
      /:\/\/[^\s@]{0,100}:$/.test(text.slice(Math.max(0, index - 103), index)) ||
      /^:[\w~]+\//.test(text.slice(index + match.length, index + match.length + 40))
    )
      continue;
    if (ATTRIBUTION.test(textBefore(text, index))) continue;
    found.push({ kind: 'email', start: index, end: index + match.length, sure: true });
  }
  return found;
}

const IBAN = /(?<![\w-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w-])/g;
/** ISO 13616: length by country. */
const IBAN_LENGTHS =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20';
const LENGTH_OF = new Map(IBAN_LENGTHS.split(' ').map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]));
/** The accounts of the standard's and the banks' own documentation. */
const EXAMPLE_IBANS = new Set(
  'DE89370400440532013000 GB29NWBK60161331926819 GB82WEST12345698765432 FR1420041010050500013M02606 ES9121000418450200051332 NL91ABNA0417164300 IT60X0542811101000000123456 BE68539007547034 AT611904300234573201 CH9300762011623852957 PL61109010140000071219812874 DE75512108001245126199 IE29AIBK93115212345678 SE4550000000058398257466 NO9386011117947 DK5000400440116243 FI2112345600000785 PT50000201231234567890154 LU280019400644750000 CY17002001280000001200527600 MT84MALT011000012345MTLCAST001S TR330006100519786457841326 BG80BNBG96611020345678 CZ6508000000192000145399 EE382200221020145685 GR1601101250000000012300695 HR1210010051863000160 HU42117730161111101800000000 LT121000011101001000 LV80BANK0000435195001 SK3112000000198742637541 SI56263300012039086 RO49AAAA1B31007593840000 IS140159260076545510730339 LI21088100002324013AA AE070331234567890123456 SA0380000000608010167519 IL620108000000099999999 MC5811222000010123456789030 SM86U0322509800000000270100'.split(
    ' ',
  ),
);

function ibans(text: string): Sighting[] {
  const found: Sighting[] = [];
  for (const { 0: match, index } of text.matchAll(IBAN)) {
    const account = match.replaceAll(' ', '');
    if (
      LENGTH_OF.get(account.slice(0, 2)) !== account.length ||
      EXAMPLE_IBANS.has(account) ||
      !hasIbanChecksum(account)
    )
      continue;
    found.push({ kind: 'iban', start: index, end: index + match.length, sure: true });
  }
  return found;
}

function hasIbanChecksum(account: string): boolean {
  let rest = 0;
  for (const sign of account.slice(4) + account.slice(0, 4))
    for (const digit of Number.parseInt(sign, 36).toString()) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

/** International numbers in quotes or after a word that announces one. */
const PHONE =
  /(?:["'`]|tel:|(?:phone|mobile|cell|fax|tel|call|whatsapp|sms|handy|telefon)["'`]?[\w ]{0,12}[:=]?\s{0,3}["'`]?)\+([1-9]\d{0,2}[ ()./-]{0,2}(?:\(?\d{1,4}\)?[ ./-]?){2,6}\d{2,4})(?!\d)/gi;
/** Numbers kept free for stories: 555-01xx, Ofcom's and others; counting or repeating digits. */
const FICTIONAL =
  /^1\d{3}55501\d\d$|^1?5550\d{3,6}$|^1555\d{7}$|^44(?:7700900|2079460|1632960)\d{3}$|^61(?:491570|255550|355501)\d*$|^33(?:199000|639980)\d*$|^49(?:15|30)?\d*(?:23125|12345|0000)\d*$|(\d)\1{4}|(\d\d)\2{3}|01234|12345|23456|34567|45678|56789|98765|87654/;

function phones(text: string): Sighting[] {
  const found: Sighting[] = [];
  for (const { 0: match, 1: number = '', index } of text.matchAll(PHONE)) {
    const digits = number.replace(/\D/g, '');
    if (digits.length < 9 || digits.length > 15 || FICTIONAL.test(digits)) continue;
    found.push({ kind: 'phone_number', start: index, end: index + match.length, sure: true });
  }
  return found;
}

/** The line up to the index and what stands shortly before: names and addresses run over several lines of a header. */
function textBefore(text: string, index: number): string {
  return text.slice(Math.max(0, index - 200), index);
}
