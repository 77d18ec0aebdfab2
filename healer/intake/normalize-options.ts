/** What the repository and its config say about reading errors: paths, services, redaction, weights. */
import { git } from '../../context/git.ts';
import type { Repository } from '../../context/repository.ts';
import type { Config } from '../../context/schemas/config.ts';
import { openKnownWords } from '../../events/known-words.ts';
import type { NormalizeOptions } from '../../events/normalize.ts';
import { openSourceMaps } from './source-maps.ts';

export async function normalizeOptions(
  { root }: Repository,
  { services, intake }: Config,
): Promise<Omit<NormalizeOptions, 'now'>> {
  const files = new Set((await git(['ls-files', '-z'], { cwd: root })).split('\0'));
  const paths = {
    root,
    strip: services.map(({ strip }) => strip).filter((prefix) => prefix !== ''),
    known: (path: string) => files.has(path),
    ending: endingOf(files),
  };
  return {
    ...paths,
    knownWords: openKnownWords({ ...paths, redactIps: intake.redact_ips }),
    sourceOf: sourceMapsOf(root),
    serviceOf: (labels) => services.find(({ match }) => isMatch(match.labels, labels))?.name,
    redactIps: intake.redact_ips,
    criticalPatterns: intake.critical_patterns,
    highCount: intake.high_count,
    mediumCount: intake.medium_count,
  };
}

type SourceOf = ReturnType<typeof openSourceMaps>;
const opened = new Map<string, SourceOf>();

/** The settings are read again and again; what was read of large files is kept meanwhile. */
function sourceMapsOf(root: string): SourceOf {
  const maps = opened.get(root) ?? openSourceMaps(root, () => performance.now());
  opened.set(root, maps);
  return maps;
}

/** Files by their last part, which few share; made when the first path needs it. */
function endingOf(files: ReadonlySet<string>): (path: string) => string | undefined {
  let byName: Map<string, string[]> | undefined;
  return (path) => {
    byName ??= group(files);
    const [found, ...others] = (byName.get(nameOf(path)) ?? []).filter((file) => file.endsWith(`/${path}`));
    return others.length === 0 ? found : undefined;
  };
}

function group(files: ReadonlySet<string>): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const file of files) {
    const name = nameOf(file);
    const same = byName.get(name);
    if (same) same.push(file);
    else byName.set(name, [file]);
  }
  return byName;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** All labels that the service names; one that names none is matched by none. */
function isMatch(wanted: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(wanted);
  return entries.length > 0 && entries.every(([name, value]) => labels[name] === value);
}
