import type { Migration } from '../migration.ts'

/** A migration with its place in the project. */
export interface LoadedMigration extends Migration {
  readonly app: string
  readonly name: string
  /** `clients.0001_initial` */
  readonly key: string
}
