import type { AnyModel } from '../../models/index.ts'

/** An app as migrations see it. */
export interface MigrationApp {
  readonly name: string
  readonly models: readonly AnyModel[]
  /** The absolute path of its `migrations/`. It need not exist yet. */
  readonly folder: string
  /** Where its migrations import operations and fields from: `@bailiwick/kit/db` if it does not say. */
  readonly importFrom?: string
}

export const USUAL_IMPORT = '@bailiwick/kit/db'

/** Identifies a migration: `clients.0001_initial`. */
export const keyOf = (app: string, name: string): string => `${app}.${name}`
