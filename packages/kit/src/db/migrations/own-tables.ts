/** The table that remembers which migrations a database has had. */
export const HISTORY_TABLE = 'bailiwick_migrations'

/** The table that remembers a step which is not done. */
export const PROGRESS_TABLE = 'bailiwick_migration_progress'

/** The tables that migrations keep for themselves: no model is behind them. */
export const OWN_TABLES: readonly string[] = [HISTORY_TABLE, PROGRESS_TABLE]
