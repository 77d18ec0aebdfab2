#!/usr/bin/env node
/**
 * How well fingerprints group real service logs: `npm run corpus:grouping -- FOLDER`, a folder of LogHub's labelled samples
 * (`<name>/<name>_2k.log_structured.csv`). They may be used but not passed on with other software, so none is kept here.
 *
 * Grouping Accuracy (He et al., 2016): the share of lines whose group is exactly the group of its label; a group with one
 * line too many or too few counts as wrong with all its lines. `--show NAME` prints what is torn apart or lumped together.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..', '..', '..');
const words = process.argv.slice(2);
const shown = words.includes('--show') ? words.splice(words.indexOf('--show'), 2)[1] : undefined;
/** Whole lines as the service wrote them, instead of the message that the labels are about. */
const whole = words.includes('--lines') && words.splice(words.indexOf('--lines'), 1).length > 0;
const [folder] = words;
if (folder === undefined || !existsSync(folder)) {
  console.error(
    'Give a folder with the 2k samples of https://github.com/logpai/loghub: npm run corpus:grouping -- FOLDER [--lines] [--show NAME]',
  );
  process.exit(2);
}

const output = join(root, '.tmp', `grouping-${process.pid}`);
mkdirSync(output, { recursive: true });
try {
  const outfile = join(output, 'fingerprint.mjs');
  await build({
    entryPoints: [join(root, 'events', 'fingerprint.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const { fingerprintLine } = await import(pathToFileURL(outfile).href);
  report(fingerprintLine);
} finally {
  rmSync(output, { recursive: true, force: true });
}

function report(fingerprintLine) {
  const sets = readdirSync(folder)
    .map((name) => [name, join(folder, name, `${name}_2k.log_structured.csv`)])
    .filter(([, file]) => existsSync(file));
  if (sets.length === 0) throw new Error(`No *_2k.log_structured.csv below ${folder}`);
  console.log('| log | lines | labels | groups | Grouping Accuracy |\n|---|---|---|---|---|');
  const all = [];
  for (const [name, file] of sets) {
    const raw = readFileSync(file.replace('.log_structured.csv', '.log'), 'utf8').split(/\r?\n/);
    const lines = readRows(readFileSync(file, 'utf8')).map((row, at) => (whole ? { ...row, content: raw[at] } : row));
    const found = lines.map(({ content }) => fingerprintLine(content));
    const labels = lines.map(({ event }) => event);
    const prints = found.map(({ fingerprint }) => fingerprint);
    const accuracy = groupingAccuracy(labels, prints);
    all.push(accuracy);
    console.log(
      `| ${name} | ${lines.length} | ${new Set(labels).size} | ${new Set(prints).size} | ${accuracy.toFixed(3)} |`,
    );
    if (name === shown) show(lines, found);
  }
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  console.log(`| **mean of ${all.length}** | | | | **${mean.toFixed(3)}** |`);
}

function groupingAccuracy(labels, prints) {
  const byPrint = groupsOf(prints);
  const byLabel = groupsOf(labels);
  let right = 0;
  for (const members of byPrint.values()) {
    const label = labels[members[0]];
    if (members.length === byLabel.get(label).length && members.every((at) => labels[at] === label))
      right += members.length;
  }
  return right / labels.length;
}

function groupsOf(values) {
  const groups = new Map();
  for (const [at, value] of values.entries()) {
    const group = groups.get(value);
    if (group) group.push(at);
    else groups.set(value, [at]);
  }
  return groups;
}

function show(lines, found) {
  const byLabel = new Map();
  const byTemplate = new Map();
  for (const [at, { event, template, content }] of lines.entries()) {
    const ours = found[at].template;
    const label = byLabel.get(event) ?? { template, count: 0, ours: new Map() };
    byLabel.set(event, label);
    label.count++;
    label.ours.set(ours, content);
    const lump = byTemplate.get(ours) ?? new Map();
    byTemplate.set(ours, lump);
    lump.set(event, (lump.get(event) ?? 0) + 1);
  }
  for (const { template, count, ours } of [...byLabel.values()].sort((a, b) => b.count - a.count))
    if (ours.size > 1)
      console.log(
        `torn: ${count} lines in ${ours.size} groups: ${template}\n    ${[...ours.keys()].slice(0, 3).join('\n    ')}`,
      );
  for (const [ours, labels] of byTemplate)
    if (labels.size > 1) console.log(`lumped: ${ours} ${JSON.stringify([...labels])}`);
}

/** The CSV's rows by its header, quotes and commas in fields included. */
function readRows(text) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  const [header, ...body] = rows;
  const [content, event, template] = ['Content', 'EventId', 'EventTemplate'].map((name) => header.indexOf(name));
  return body.map((cells) => ({ content: cells[content], event: cells[event], template: cells[template] }));
}
