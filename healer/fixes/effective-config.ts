/** The config of a fix: its base's, with the overrides that match what is known of the incident by now. */
import type { Config } from '../../context/schemas/config.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import type { Workbench } from '../workbench.ts';
import type { OpenFix } from './open-fix.ts';
import { applyOverrides } from './overrides.ts';

export function effectiveConfig(bench: Workbench, fix: OpenFix): Config {
  const diagnosis = diagnosisOf(bench.db, fix.incident, fix.round);
  const files = [fix.event.file, ...(diagnosis?.affected_files ?? [])].filter((file) => file !== undefined);
  return applyOverrides(fix.law.config, {
    source: fix.event.source,
    service: fix.event.service,
    failure_type: diagnosis?.failure_type,
    files,
  });
}
