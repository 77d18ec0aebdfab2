/**
 * What everything that heals works with: one repository, its state, the fixes this process has open, and the key by which
 * it knows evidence of its own making. One workbench per process and repository; its state database opens on first use.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openRepository, type Repository } from '../context/repository.ts';
import type { IncidentStore } from '../store/incidents.ts';
import type { Database } from '../store/sqlite.ts';
import { sqliteIncidents } from '../store/sqlite-incidents.ts';
import { openState } from '../store/state-db.ts';
import { createSeal, type Seal } from './fixes/evidence.ts';
import type { OpenFix } from './fixes/open-fix.ts';

/**
 * Who this process is in a fix, and so what it may decide:
 * - `session`: the MCP server of a person's session; owns lease, verdict and publishing
 * - `parent`: `heal` or `serve`, and a person's command; owns them too, and its verdicts do not count as iterations
 * - `child`: the MCP server of a headless run; its parent owns them
 */
export type Role = 'session' | 'parent' | 'child';

export interface Workbench {
  readonly repository: Repository;
  readonly role: Role;
  /** Throws StoreError while SQLite is not ready, or when the database cannot be opened. */
  readonly db: Database;
  readonly incidents: IncidentStore;
  readonly now: () => Date;
  /** By incident id. */
  readonly fixes: Map<string, OpenFix>;
  readonly seal: Seal;
  /** Only for `child`: what the parent bound this process to. */
  readonly bound: { incident: string; run: string | undefined } | undefined;
  /** Gives back every lease and closes the database. */
  close(): Promise<void>;
}

/** Whether anything was ever recorded here; looking creates nothing. */
export function hasState({ repository }: Pick<Workbench, 'repository'>): boolean {
  return existsSync(join(repository.root, '.self-healing', 'state.db'));
}

export interface WorkbenchOptions {
  now?: () => Date;
  /** Default: `child` when a parent set `SELF_HEALING_INCIDENT`, else `parent`. The server of a session says `session`. */
  role?: 'session' | 'parent';
  env?: Record<string, string | undefined>;
}

/** Throws UserError when `folder` is in no repository. Touches nothing on disk yet. */
export async function openWorkbench(folder: string, options: WorkbenchOptions = {}): Promise<Workbench> {
  const repository = await openRepository(folder);
  const { SELF_HEALING_INCIDENT: incident, SELF_HEALING_RUN: run } = options.env ?? process.env;
  const now = options.now ?? (() => new Date());
  let opened: { db: Database; incidents: IncidentStore } | undefined;
  const state = () => {
    if (opened === undefined) {
      const db = openState(repository.root, { now });
      opened = { db, incidents: sqliteIncidents(db, now) };
    }
    return opened;
  };
  const fixes = new Map<string, OpenFix>();
  return {
    repository,
    role: incident ? 'child' : (options.role ?? 'parent'),
    get db() {
      return state().db;
    },
    get incidents() {
      return state().incidents;
    },
    now,
    fixes,
    seal: createSeal(),
    bound: incident ? { incident, run } : undefined,
    async close() {
      for (const fix of fixes.values()) await fix.lease?.release();
      fixes.clear();
      opened?.db.close();
      opened = undefined;
    },
  };
}
