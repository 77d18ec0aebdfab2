/** The tools of the server, in the order of an incident's way. */
import type { Tool } from '../tool.ts';
import { dismissIncident } from './dismiss-incident.ts';
import { editContextTool } from './edit-context.ts';
import { escalateTool } from './escalate.ts';
import { getContextTool } from './get-context.ts';
import { getImpact } from './get-impact.ts';
import { listIncidents } from './list-incidents.ts';
import { proposePr } from './propose-pr.ts';
import { recordDiagnosisTool } from './record-diagnosis.ts';
import { recordPlanTool } from './record-plan.ts';
import { reportErrorTool } from './report-error.ts';
import { runScenariosTool } from './run-scenarios.ts';
import { searchIncidentsTool } from './search-incidents.ts';
import { startFixTool } from './start-fix.ts';
import { verifyFixTool } from './verify-fix.ts';

export const TOOLS: readonly Tool[] = [
  reportErrorTool,
  listIncidents,
  startFixTool,
  recordDiagnosisTool,
  recordPlanTool,
  getContextTool,
  getImpact,
  searchIncidentsTool,
  runScenariosTool,
  editContextTool,
  verifyFixTool,
  proposePr,
  escalateTool,
  dismissIncident,
];
