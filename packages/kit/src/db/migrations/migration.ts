import type { Operation } from './operations/index.ts'

/** A migration of an app by its file name without the ending: `['account', '0001_initial']`. */
export type MigrationReference = readonly [app: string, name: string]

export interface MigrationOptions {
  /** What has to be applied before. */
  readonly dependencies?: readonly MigrationReference[]
  /** What has to be applied after, where that is another app's and cannot say so itself. */
  readonly runBefore?: readonly MigrationReference[]
  /** The migrations that this one stands for: `squashmigrations` writes it. */
  readonly replaces?: readonly MigrationReference[]
  /** Whether it is the app's first. */
  readonly initial?: boolean
  /** Whether it runs in one transaction, where the database can. On by default. */
  readonly atomic?: boolean
  /**
   * Whether tables are changed so that nobody who uses them has to wait for long. Each statement is then committed by
   * itself, and a run that was broken off goes on from there.
   */
  readonly online?: boolean
  /** Why what `check --migrations` says of this migration is no harm: that the table is small, that nobody is there. */
  readonly reviewed?: string | null
  readonly operations: readonly Operation[]
}

const BRAND = Symbol.for('bailiwick.migration')

/** What a file of `migrations/` exports by default. */
export interface Migration extends Required<MigrationOptions> {
  readonly [BRAND]: true
}

/**
 * Declares one step in the history of an app's tables. `makemigrations` writes these files; the same file runs on every
 * database.
 *
 * @example
 * export default migration({
 *   dependencies: [['clients', '0001_initial']],
 *   operations: [addField('Client', 'phone', phone().optional())],
 * })
 */
export function migration(options: MigrationOptions): Migration {
  return Object.freeze({
    dependencies: [],
    runBefore: [],
    replaces: [],
    initial: false,
    atomic: true,
    online: false,
    reviewed: null,
    ...options,
    [BRAND]: true as const,
  })
}

export function isMigration(value: unknown): value is Migration {
  return typeof value === 'object' && value !== null && BRAND in value
}
