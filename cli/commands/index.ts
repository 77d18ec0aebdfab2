/** The commands, in the order in which the help lists them. */
import type { Command } from '../command.ts';
import { approveCommand } from './approve.ts';
import { cancelCommand } from './cancel.ts';
import { contextCommand } from './context.ts';
import { contextCoverageCommand } from './context-coverage.ts';
import { contextImportCommand } from './context-import.ts';
import { contextLintCommand } from './context-lint.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { fingerprintCommand } from './fingerprint.ts';
import { healCommand } from './heal.ts';
import { impactCommand } from './impact.ts';
import { impactBuildCommand } from './impact-build.ts';
import { incidentsCommand } from './incidents.ts';
import { initCommand } from './init.ts';
import { learnCommand } from './learn.ts';
import { metricsCommand } from './metrics.ts';
import { muteCommand } from './mute.ts';
import { normalizeCommand } from './normalize.ts';
import { pauseCommand } from './pause.ts';
import { rejectCommand } from './reject.ts';
import { replayCommand } from './replay.ts';
import { resumeCommand } from './resume.ts';
import { retryCommand } from './retry.ts';
import { scenariosRunCommand } from './scenarios-run.ts';
import { serveCommand } from './serve.ts';
import { showCommand } from './show.ts';
import { skipCommand } from './skip.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';
import { watchCommand } from './watch.ts';

export const COMMANDS: readonly Command[] = [
  demoCommand,
  doctorCommand,
  initCommand,
  healCommand,
  verifyCommand,
  statusCommand,
  incidentsCommand,
  showCommand,
  metricsCommand,
  approveCommand,
  skipCommand,
  retryCommand,
  rejectCommand,
  cancelCommand,
  muteCommand,
  serveCommand,
  watchCommand,
  pauseCommand,
  resumeCommand,
  scenariosRunCommand,
  contextCommand,
  contextLintCommand,
  contextImportCommand,
  learnCommand,
  contextCoverageCommand,
  impactCommand,
  impactBuildCommand,
  replayCommand,
  normalizeCommand,
  fingerprintCommand,
];
