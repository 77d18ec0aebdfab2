/** Secrets that no rule of ours tells from innocent text. They stand here so that the rates do not hide them. */
import { BASE62, dice, HEX, type Sample } from './sample.ts';

export function hardSamples(seed: number): Sample[] {
  const d = dice(seed);
  return [
    ['src/login.ts', "const password = 'correct horse battery staple';"],
    ['src/login.ts', "const password = 'bernhardiner';"],
    ['src/login.ts', "await login('mara', 'Kx9!vRm2');"],
    ['src/pin.ts', "const pin = '4917';"],
    ['src/blob.ts', `const c = '${d.of(BASE62, 32)}';`],
    ['src/split.ts', `const key = ['${d.of(HEX, 12)}', '${d.of(HEX, 12)}'].join('');`],
    ['src/encoded.ts', `const t = atob('${Buffer.from(`gh${'p_'}${d.of(BASE62, 36)}`).toString('base64')}');`],
    ['src/template.ts', `const t = \`gh\${'p_'}${d.of(BASE62, 36)}\`;`],
    ['seed/users.csv', '8812,Mara Vogel,Holtenauer Str. 17,24105 Kiel'],
    ['fixtures/user.json', '{ "name": "Jonas Okafor", "born": "1984-03-17" }'],
  ].map(([path = '', text = '']) => ({ kind: 'hard', path, text }));
}
