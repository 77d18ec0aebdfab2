/** The config that holds for one incident: the base's, with the overrides that match what is known of it by now. */
import type { Config } from '../../context/schemas/config.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
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

/** The same where no fix is open yet: of an incident only its error is known. */
export function configBeforeFix(config: Config, record: Pick<IncidentRecord, 'source' | 'service' | 'files'>): Config {
  const { source, service, files } = record;
  return applyOverrides(config, { source, service: service ?? undefined, failure_type: undefined, files });
}
