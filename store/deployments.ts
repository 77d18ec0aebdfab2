/** Deploys that somebody told of, such as GitHub: which commit went where, and when. */
import type { Database } from './sqlite.ts';

export interface Deployment {
  /** The teller's name for it. */
  id: string;
  commit: string;
  /** Empty when it was not said. */
  environment: string;
  /** The teller calls it a production environment. */
  production: boolean;
  /** ISO 8601. */
  at: string;
}

/** Told again it changes nothing. */
export function saveDeployment(database: Database, deployment: Deployment): void {
  const { id, commit, environment, production, at } = deployment;
  database.run(
    'INSERT OR IGNORE INTO deployments (id, commit_id, environment, production, at) VALUES (?, ?, ?, ?, ?)',
    [id, commit, environment, production ? 1 : 0, at],
  );
}

/** From `since` (ISO 8601) on, oldest first. */
export function deploymentsSince(database: Database, since: string): Deployment[] {
  return database
    .all<Omit<Deployment, 'production'> & { production: number }>(
      'SELECT id, commit_id AS "commit", environment, production, at FROM deployments WHERE at >= ? ORDER BY at LIMIT 500',
      [since],
    )
    .map((row) => ({ ...row, production: row.production === 1 }));
}

export function knowsDeployments(database: Database): boolean {
  return database.get('SELECT 1 AS one FROM deployments LIMIT 1') !== undefined;
}
