import type { DialectName, Executor } from '../../dialects/index.ts'
import { USUAL_IMPORT } from '../history/index.ts'
import { inspectedModels, modelsSource } from '../inspection/index.ts'
import { introspect } from '../introspection/index.ts'
import { MigrationError } from '../migration-error.ts'

export interface InspectDatabaseOptions {
  readonly executor: Executor
  readonly dialect: DialectName
  /** The tables to look at, by default all. */
  readonly tables?: readonly string[]
  /** The app that the models are labelled with. */
  readonly app?: string
  readonly importFrom?: string
}

/**
 * Writes models for the tables that a database has. A table with a `business_id` becomes a model of a business; of every
 * other somebody has to say why its rows belong to none.
 *
 * @throws {MigrationError} if a table is not there, or the app has no name that a label could have
 */
export async function inspectDatabase(options: InspectDatabaseOptions): Promise<string> {
  const { executor, dialect, tables = [], app = 'inspected', importFrom = USUAL_IMPORT } = options
  if (!/^[a-z][a-z0-9_]*$/.test(app)) {
    throw new MigrationError(`An app is named in lower case letters, digits and underscores, got '${app}'.`)
  }
  const all = await introspect(executor, dialect)
  const missing = tables.filter((name) => !all.some((table) => table.name === name))
  if (missing.length > 0) throw new MigrationError(`There is no table ${missing.join(', ')} in the database.`)
  const wanted = tables.length === 0 ? all : all.filter(({ name }) => tables.includes(name))
  return modelsSource(inspectedModels(wanted, dialect), { app, importFrom })
}
