/** What a project is made of and how it is tested, found from its files alone, with the reasons for a person to check. */
import { detectJavaScript } from './detect/javascript.ts';
import { detectLanguages } from './detect/languages.ts';
import { detectGo, detectJava, detectMake, detectRust } from './detect/manifests.ts';
import type { ProjectFiles } from './detect/project-files.ts';
import { detectPython } from './detect/python.ts';
import { type DetectedService, detectServices } from './detect/services.ts';
import type { TestCommand } from './detect/test-command.ts';

export interface Detection {
  /** Most files first. */
  languages: string[];
  /** Runs all tests, from the root; empty when none was found. */
  testCommand: string;
  /** What it was found by. */
  testWhy: string;
  /** One plain sentence for each thing found or missed. */
  why: string[];
  services: DetectedService[];
}

type Detector = (files: ProjectFiles) => TestCommand | Promise<TestCommand>;

/** In this order, unless the project's main language says otherwise. */
const DETECTORS: [languages: string[], detector: Detector][] = [
  [['typescript', 'javascript'], detectJavaScript],
  [['python'], detectPython],
  [['go'], detectGo],
  [['rust'], detectRust],
  [['java', 'kotlin'], detectJava],
  [[], detectMake],
];

export async function detect(files: ProjectFiles): Promise<Detection> {
  const languages = detectLanguages(files.paths);
  const rank = (of: string[]) => {
    const ranks = of.map((language) => languages.indexOf(language)).filter((index) => index >= 0);
    return ranks.length > 0 ? Math.min(...ranks) : languages.length;
  };
  const ordered = DETECTORS.toSorted(([a], [b]) => rank(a) - rank(b));
  const answers = await Promise.all(ordered.map(([, detector]) => detector(files)));
  const [chosen, ...others] = answers.filter((answer) => answer.found);
  const services = await detectServices(files);
  const why = [
    languages.length > 0 ? `Languages: ${languages.join(', ')}.` : 'Languages: none known.',
    chosen ? `Test command: ${chosen.command} (${chosen.why}).` : 'Test command: none found.',
    ...others.map(({ command, why: reason }) => `Not used: ${command} (${reason}).`),
    ...answers.flatMap((answer) => (answer.found || answer.why === '' ? [] : [`No test command: ${answer.why}.`])),
    ...services.map(({ name, why: reason }) => `Service: ${name} (${reason}).`),
  ];
  return { languages, testCommand: chosen?.command ?? '', testWhy: chosen?.why ?? '', why, services };
}
