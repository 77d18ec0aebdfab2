/** Package managers that could not make the dependencies as they are declared, each in its own words. */
import type { StepFailure } from './step-failure.ts';

/** The first that matches names the program; the first group is its code, the second what it says. */
const PATTERNS: readonly [tool: string, pattern: RegExp, manifest: string][] = [
  [
    'npm',
    /^npm (?:error|ERR!) code (ERESOLVE|E404|ETARGET|EUSAGE|EINTEGRITY|EBADENGINE|ENOVERSIONS|E40[13]|EBADPLATFORM)$/m,
    'package.json',
  ],
  [
    'yarn',
    /^(?:\u27a4 )?(YN00\d\d): .*?(The lockfile would have been modified.*|.*(?:can't be resolved|No candidates found).*)$/m,
    'package.json',
  ],
  [
    'yarn',
    /^error ()((?:Couldn't find package|Your lockfile needs to be updated|An unexpected error occurred: ".*registry).*)$/m,
    'package.json',
  ],
  [
    'pnpm',
    /^\s*(ERR_PNPM_(?:OUTDATED_LOCKFILE|NO_MATCHING_VERSION|FETCH_404|PEER_DEP_ISSUES|FROZEN_LOCKFILE\w*))\s+(.*)$/m,
    'package.json',
  ],
  [
    'pip',
    /^ERROR: ()((?:Could not find a version that satisfies|No matching distribution found|Cannot install|ResolutionImpossible).*)$/m,
    'requirements.txt',
  ],
  [
    'go',
    /^(?:go: )?()(.*(?:missing go\.sum entry|updates to go\.mod needed|cannot find module providing package|no required module provides package|unknown revision|inconsistent vendoring).*)$/m,
    'go.mod',
  ],
  [
    'cargo',
    /^error: ()((?:failed to select a version|no matching package|the lock file .* needs to be updated|failed to (?:get|load|parse) (?:`|manifest|source)).*)$/m,
    'Cargo.toml',
  ],
  [
    'maven',
    /()((?:Could not resolve dependencies for project|Non-resolvable (?:parent|import) POM|Failed to collect dependencies).*)$/m,
    'pom.xml',
  ],
  [
    'gradle',
    /()((?:Could not resolve all (?:files|dependencies|artifacts) |Could not (?:resolve|find) \S+:\S+:).*)$/m,
    'build.gradle',
  ],
];

export function readDependencyFailure(text: string): StepFailure | undefined {
  for (const [tool, pattern, file] of PATTERNS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const [, code = '', said = ''] = match;
    const message = (tool === 'npm' ? saidByNpm(text, match.index) : said).trim().slice(0, 500);
    return {
      kind: 'dependency_issue',
      type: code || tool,
      message: message || tool,
      frames: [],
      place: { file },
      others: 0,
    };
  }
  return undefined;
}

/** npm says it on the lines after the code, each with its own name before it. */
function saidByNpm(text: string, at: number): string {
  return text
    .slice(at)
    .split('\n')
    .slice(1, 8)
    .map((line) => line.replace(/^npm (?:error|ERR!) ?/, '').trim())
    .filter((line) => line !== '' && !/^(?:code|A complete log|While resolving|fix the upstream)/.test(line))
    .slice(0, 4)
    .join(' ');
}
