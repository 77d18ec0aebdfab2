import { z } from 'zod';
import { impactOfFiles } from '../../healer/fixes/read-context.ts';
import { tool } from '../tool.ts';
import { filesField } from './fields.ts';

/** The data holds all of them. */
const SHOWN = 30;

const fileImpactSchema = z.object({
  direct: z.array(z.string()),
  transitive: z.array(z.string()),
  edge_kinds: z.record(z.string(), z.string()),
  language: z.string(),
  risk: z.object({ level: z.string(), reasons: z.array(z.string()) }),
  scenarios: z.array(z.string()),
  tests: z.array(z.string()),
  uncovered: z.array(z.string()),
});

export const getImpact = tool({
  name: 'get_impact',
  title: 'Get the impact of files',
  description:
    'Who depends on these files, directly and transitively, with the risk, the scenarios and tests that cover them, and the dependents nothing covers. Call it before changing what other files use: an exported name, its signature, a shape of data. For all else get_context is enough.',
  input: z.strictObject({ files: filesField }),
  output: z.object({ files: z.record(z.string(), fileImpactSchema) }),
  annotations: { readOnlyHint: true },
  binding: 'reads',
  async run({ files }, { bench }) {
    const impact = await impactOfFiles(bench, files);
    const lines = Object.entries(impact.files).map(([file, i]) => {
      const unknown = i.language === 'unknown' || i.language === 'missing';
      const list = (name: string, paths: readonly string[]) => {
        const shown = paths
          .slice(0, SHOWN)
          .map((path) => (i.edge_kinds[path] ? `${path} (${i.edge_kinds[path]})` : path));
        const more = paths.length > SHOWN ? `, and ${paths.length - SHOWN} more` : '';
        return `  ${name} (${unknown ? `${paths.length} known` : paths.length}): ${shown.join(', ') || (unknown ? 'unknown' : 'none')}${more}`;
      };
      return [
        `${file}: risk ${i.risk.level} (${i.risk.reasons.join('; ')})`,
        `  language: ${i.language}${unknown ? ', so dependents are missing from these lists' : ''}`,
        list('direct', i.direct),
        list('transitive', i.transitive),
        list('scenarios', i.scenarios),
        list('tests', i.tests),
        list('uncovered', i.uncovered),
      ].join('\n');
    });
    return { text: lines.join('\n'), value: impact };
  },
});
