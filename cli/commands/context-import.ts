import { resolve } from 'node:path';
import { z } from 'zod';
import { type ContextImport, importContext } from '../../healer/import-context.ts';
import { withBench } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export const contextImportCommand = command({
  name: 'context import',
  arguments: ['<folder>'],
  summary: "lists what bkit's living context would become here; with --yes writes it",
  options: [['--yes', 'write the entries'], JSON_OPTION],
  input: z.object({ folder: z.string().min(1), yes: z.boolean().default(false) }),
  run: ({ folder, yes }, call) =>
    withBench(call, async (bench) => {
      const imported = await importContext(bench, resolve(call.cwd, folder), { write: yes });
      return {
        value: imported,
        text: tell(imported, folder).join('\n'),
        exit: imported.conflicts.length > 0 ? EXIT.findings : EXIT.done,
      };
    }),
});

function tell({ written, entries, kept, conflicts, left_out: leftOut }: ContextImport, folder: string): string[] {
  const named = (title: string, list: { what: string; why: string }[]) =>
    list.length > 0 ? [title, ...list.map(({ what, why }) => `  ${what}: ${why}`)] : [];
  return [
    entries.length === 0 ? 'Nothing new to import.' : written ? 'Imported' : 'Would import',
    ...entries.map(({ id, file, from, was }) => `  ${id}  into ${file}  (from ${from}${was ? `, ${was} there` : ''})`),
    ...(kept.length > 0 ? [`There already: ${kept.length}`] : []),
    ...named('Conflicts, left as they are:', conflicts),
    ...named('Left out:', leftOut),
    ...(entries.length === 0
      ? []
      : [
          '',
          written
            ? 'Next: read them, then commit .self-healing/.'
            : `Next: self-healing context import ${folder} --yes`,
        ]),
  ];
}
