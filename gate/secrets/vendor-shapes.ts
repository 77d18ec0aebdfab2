/** Tokens of services that the library's rules do not know (or not exactly), each by the shape its vendor gives it. */
import { isPlaceholder } from './placeholder.ts';
import type { Sighting } from './sighting.ts';

const SHAPES: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['age_key', /\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b/g],
  ['airtable_token', /\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b/g],
  ['aws_access_key_id', /\b(?:ABIA|ACCA)[A-Z0-9]{16}\b/g],
  ['atlassian_token', /\bATATT3[\w=-]{60,300}/g],
  ['azure_storage_key', /\bAccountKey=[A-Za-z0-9+/]{86}==/g],
  ['azure_client_secret', /(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~-])/g],
  ['crates_io_token', /\bcio[A-Za-z0-9]{32}\b/g],
  ['digitalocean_token', /\bdo[opr]_v1_[0-9a-f]{64}\b/g],
  ['discord_token', /\b[MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}(?![\w-])/g],
  ['discord_webhook', /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,80}/g],
  ['facebook_token', /\bEAA[MC][A-Za-z0-9]{80,300}\b/g],
  ['fly_token', /\bfo1_[\w-]{43}(?![\w-])|\bfm[12][ar]?_[A-Za-z0-9+/]{100,1000}={0,3}/g],
  ['gitlab_token', /\b(?:glptt|gldt|glrt|glcbt|glsoat|glft|glimt|glagent|gloas)-[\w-]{20,100}/g],
  ['google_key', /\bAIza[\w-]{35}(?![\w-])|\bya29\.[\w-]{20,500}|\bGOCSPX-[\w-]{28}(?![\w-])/g],
  ['heroku_key', /\bHRKU-[\w-]{36,70}/g],
  ['huggingface_token', /\bapi_org_[A-Za-z]{34}\b/g],
  ['llm_api_key', /\bsk-(?:ant|proj|svcacct|admin|or|lf)-(?=[\w-]{0,200}\d)[\w-]{20,250}/g],
  ['llm_api_key', /\bsk-(?=[A-Za-z]{0,60}\d)[A-Za-z0-9]{32,60}(?![\w-])|\b(?:pplx|xai)-[A-Za-z0-9]{40,90}(?![\w-])/g],
  ['mailchimp_key', /\b[0-9a-f]{32}-us\d{1,2}\b/g],
  ['mailgun_key', /\bkey-[0-9a-f]{32}\b/g],
  ['newrelic_key', /\bNRAK-[A-Z0-9]{27}\b/g],
  ['onepassword_key', /\bA3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}\b/g],
  ['openshift_token', /\bsha256~[\w-]{43}(?![\w-])/g],
  ['planetscale_token', /\bpscale_(?:tkn|oauth|pw)_[\w.=-]{32,64}/g],
  ['postman_key', /\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b/g],
  ['pulumi_token', /\bpul-[0-9a-f]{40}\b/g],
  ['pypi_token', /\bpypi-AgE[\w-]{50,300}/g],
  ['rubygems_key', /\brubygems_[0-9a-f]{48}\b/g],
  ['sendgrid_key', /\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])/g],
  ['sentry_token', /\bsntrys_eyJ[\w+/=-]{40,400}|\bsntryu_[0-9a-f]{64}\b/g],
  ['slack_token', /\bxox[es]-[A-Za-z0-9-]{20,250}|\bxoxe\.xox[bp]-\d-[A-Za-z0-9]{40,250}/g],
  [
    'slack_webhook',
    /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/T?[A-Z0-9]{6,14}\/[A-Za-z0-9]{6,20}\/[A-Za-z0-9/]{16,60}/g,
  ],
  ['sourcegraph_token', /\bsgp_(?:[A-Fa-f0-9]{16}_|local_)?[A-Fa-f0-9]{40}\b/g],
  ['square_token', /\bsq0(?:csp|atp)-[\w-]{22,43}(?![\w-])|\bEAAA[\w-]{60}(?![\w-])/g],
  ['stripe_webhook_secret', /\bwhsec_[A-Za-z0-9+/]{24,80}={0,2}/g],
  ['supabase_token', /\bsbp_[0-9a-f]{40}\b/g],
  ['telegram_token', /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g],
  ['terraform_token', /\b[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}/g],
  ['twilio_key', /\bSK[0-9a-f]{32}\b/g],
];

const JWT = /\b(eyJ[\w-]{8,2000})\.(eyJ[\w-]{8,4000})\.[\w-]{0,2000}/g;

export function shapeSightings(text: string): Sighting[] {
  const found: Sighting[] = [];
  for (const [kind, shape] of SHAPES)
    for (const { 0: match, index } of text.matchAll(shape))
      if (!isPlaceholder(match)) found.push({ kind, start: index, end: index + match.length, sure: true });
  for (const { 0: match, 1: header = '', 2: claims = '', index } of text.matchAll(JWT))
    if (isToken(header, claims)) found.push({ kind: 'jwt', start: index, end: index + match.length, sure: true });
  return found;
}

/** The header decodes to an object that names its algorithm; the claims are not those of the format's own example. */
function isToken(header: string, claims: string): boolean {
  const decoded = Buffer.from(header, 'base64url').toString();
  return (
    /^\{.*"alg"\s*:\s*"/s.test(decoded) &&
    !/"(?:sub"\s*:\s*"1234567890|name"\s*:\s*"John Doe)"/.test(Buffer.from(claims, 'base64url').toString())
  );
}
