/** Tokens in the formats that their vendors document, made of random characters: valid nowhere. */
import { BASE62, BASE64, DIGITS, type Dice, dice, HEX, LOWER, type Sample, UPPER, URL_SAFE } from './sample.ts';

type Maker = (dice: Dice) => string;

/** Prefixes stand in pieces: no file of this project holds a whole token. */
const TOKENS: Record<string, Maker[]> = {
  age: [(d) => `AGE-SECRET-${'KEY-1'}${d.of('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`],
  airtable: [(d) => `pat${d.of(BASE62, 14)}.${d.of(HEX, 64)}`],
  anthropic: [(d) => `sk-ant-${'api03-'}${d.of(URL_SAFE, 93)}AA`],
  atlassian: [(d) => `ATATT${'3xFfGF0'}${d.of(URL_SAFE, 120)}=${d.of('0123456789ABCDEF', 8)}`],
  aws: [
    (d) => `${'AK'}${'IA'}${d.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
    (d) => `${'AS'}${'IA'}${d.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
  ],
  azure: [(d) => `DefaultEndpointsProtocol=https;AccountName=shop;Account${'Key='}${d.of(BASE64, 86)}==`],
  cloudflare: [(d) => `${'cf'}${'ut_'}${d.of(BASE62, 40)}${d.of(HEX, 8)}`],
  databricks: [(d) => `da${'pi'}${d.of(HEX, 32)}`],
  digitalocean: [(d) => `dop${'_v1_'}${d.of(HEX, 64)}`],
  discord: [
    (d) => `M${d.of(BASE62, 25)}.${d.of(URL_SAFE, 6)}.${d.of(URL_SAFE, 37)}x`,
    (d) => `https://discord.com/api/${'webhooks'}/${d.of('123456789', 19)}/${d.of(URL_SAFE, 68)}`,
  ],
  docker: [(d) => `dckr${'_pat_'}${d.of(URL_SAFE, 26)}x`],
  figma: [(d) => `fi${'gd_'}${d.of(URL_SAFE, 40)}`],
  github: [
    (d) => `gh${'p_'}${d.of(BASE62, 36)}`,
    (d) => `gh${'o_'}${d.of(BASE62, 36)}`,
    (d) => `gh${'s_'}${d.of(BASE62, 36)}`,
    (d) => `github_${'pat_'}${d.of(BASE62, 22)}_${d.of(BASE62, 59)}`,
  ],
  gitlab: [(d) => `gl${'pat-'}${d.of(BASE62, 20)}`, (d) => `gl${'rt-'}${d.of(BASE62, 20)}`],
  google: [
    (d) => `AI${'za'}${d.of(URL_SAFE, 34)}x`,
    (d) => `GOC${'SPX-'}${d.of(BASE62, 28)}`,
    (d) => `ya${'29.'}a0${d.of(URL_SAFE, 120)}`,
  ],
  grafana: [(d) => `gl${'sa_'}${d.of(BASE62, 32)}_${d.of(HEX, 8)}`],
  huggingface: [(d) => `h${'f_'}${d.of(UPPER + LOWER, 34)}`],
  linear: [(d) => `lin${'_api_'}${d.of(BASE62, 40)}`],
  mailchimp: [(d) => `${d.of(HEX, 32)}${'-us'}${d.number(20) + 1}`],
  mailgun: [(d) => `${'key'}-${d.of(HEX, 32)}`],
  newrelic: [(d) => `NR${'AK-'}${d.of(UPPER + DIGITS, 27)}`],
  notion: [(d) => `nt${'n_'}${d.of(DIGITS, 11)}${d.of(BASE62, 35)}`],
  npm: [(d) => `np${'m_'}${d.of(BASE62, 36)}`],
  openai: [
    (d) => `sk-${'proj-'}${d.of(URL_SAFE, 74)}T3Blbk${'FJ'}${d.of(BASE62, 74)}`,
    (d) => `s${'k-'}${d.of(BASE62, 20)}T3Blbk${'FJ'}${d.of(BASE62, 20)}`,
  ],
  postman: [(d) => `PM${'AK-'}${d.of(HEX, 24)}-${d.of(HEX, 34)}`],
  pulumi: [(d) => `pu${'l-'}${d.of(HEX, 40)}`],
  pypi: [(d) => `py${'pi-'}AgEIcHlwaS5vcmc${d.of(URL_SAFE, 150)}`],
  rubygems: [(d) => `ruby${'gems_'}${d.of(HEX, 48)}`],
  sendgrid: [(d) => `S${'G.'}${d.of(URL_SAFE, 22)}.${d.of(URL_SAFE, 42)}x`],
  sentry: [
    (d) => `sntr${'yu_'}${d.of(HEX, 64)}`,
    (d) => `sntr${'ys_'}eyJ${d.of(BASE62, 80)}_${d.of(BASE62, 43)}`,
    (d) =>
      `https://${d.of(HEX, 32)}:${d.of(HEX, 32)}@o${d.of('123456789', 6)}.ingest.sentry.io/${d.of('123456789', 7)}`,
  ],
  shopify: [(d) => `shp${'at_'}${d.of(HEX, 32)}`],
  slack: [
    (d) => `xo${'xb-'}${d.of('123456789', 12)}-${d.of('123456789', 13)}-${d.of(BASE62, 24)}`,
    (d) => `xo${'xp-'}${d.of('123456789', 12)}-${d.of('123456789', 12)}-${d.of('123456789', 13)}-${d.of(HEX, 32)}`,
    (d) => `xa${'pp-1-'}A0${d.of(UPPER + DIGITS, 9)}-${d.of('123456789', 13)}-${d.of(HEX, 64)}`,
    (d) =>
      `https://hooks.slack.com/${'services'}/T${d.of(UPPER + DIGITS, 8)}/B${d.of(UPPER + DIGITS, 10)}/${d.of(BASE62, 24)}`,
  ],
  square: [(d) => `sq0${'csp-'}${d.of(BASE62, 43)}`],
  stripe: [
    (d) => `sk_${'live_'}${d.of(BASE62, 24)}`,
    (d) => `sk_${'live_51'}${d.of(BASE62, 97)}`,
    (d) => `rk_${'live_'}${d.of(BASE62, 24)}`,
    (d) => `whs${'ec_'}${d.of(BASE62, 32)}`,
  ],
  supabase: [(d) => `sb${'p_'}${d.of(HEX, 40)}`],
  tailscale: [(d) => `ts${'key-auth-'}k${d.of(BASE62, 11)}CNTRL-${d.of(BASE62, 32)}`],
  telegram: [(d) => `${d.of('123456789', 10)}:${'AA'}${d.of(URL_SAFE, 32)}x`],
  terraform: [(d) => `${d.of(BASE62, 14)}.atlas${'v1.'}${d.of(BASE62, 67)}`],
  twilio: [(d) => `S${'K'}${d.of(HEX, 32)}`],
  vault: [(d) => `hv${'s.'}CAESI${d.of(URL_SAFE, 90)}`],
  vercel: [(d) => `vc${'p_'}${d.of(BASE62, 56)}`],
};

/** Where such a token ends up in a fix. */
const PLACES: ((token: string) => Omit<Sample, 'kind'>)[] = [
  (token) => ({ path: 'src/client.ts', text: `const client = new Client({ region: 'eu', key: '${token}' });` }),
  (token) => ({ path: 'app/settings.py', text: `CLIENT = connect("${token}", timeout=3)  # works now` }),
  (token) => ({ path: 'deploy/values.yaml', text: `service:\n  auth:\n    value: ${token}\n  replicas: 2` }),
  (token) => ({ path: 'config/default.json', text: `{ "endpoint": "/v1", "auth": "${token}" }` }),
  (token) => ({ path: 'scripts/run.sh', text: `curl -s -H "X-Auth: ${token}" "$HOST/v1/orders"` }),
  (token) => ({ path: '', text: `The call only works with ${token}, see the log.` }),
];

export function vendorTokens(seed: number): Sample[] {
  const d = dice(seed);
  let at = 0;
  return Object.entries(TOKENS).flatMap(([vendor, makers]) =>
    makers.flatMap((make) =>
      // Three places each, so that every kind of place meets every kind of token sooner or later.
      [0, 1, 2].flatMap(() => {
        const place = PLACES[at++ % PLACES.length];
        return place ? [{ kind: `token:${vendor}`, ...place(make(d)) }] : [];
      }),
    ),
  );
}
