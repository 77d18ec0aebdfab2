/** Which agent of which session works on which incident, as its own `start_fix` said. */
import type { Database } from './sqlite.ts';

export interface Binding {
  session_id: string;
  /** Empty for the session's main conversation. */
  agent_id: string;
  incident: string;
  /** The tool call that bound it. */
  tool_use_id: string;
  /** ISO 8601. */
  at: string;
}

/** The latest binding of a session's agent replaces the one before. */
export function bindAgent(database: Database, binding: Binding): void {
  database.run(
    `INSERT INTO bindings (session_id, agent_id, incident, tool_use_id, at)
     VALUES (:session_id, :agent_id, :incident, :tool_use_id, :at)
     ON CONFLICT (session_id, agent_id) DO UPDATE SET incident = :incident, tool_use_id = :tool_use_id, at = :at`,
    { ...binding },
  );
}

export function bindingOf(database: Database, sessionId: string, agentId: string): Binding | undefined {
  return database.get<Binding>('SELECT * FROM bindings WHERE session_id = ? AND agent_id = ?', [sessionId, agentId]);
}

/** All agents bound to the incident, newest first. */
export function bindingsOf(database: Database, incident: string): Binding[] {
  return database.all<Binding>('SELECT * FROM bindings WHERE incident = ? ORDER BY at DESC, rowid DESC', [incident]);
}
