import type { Database } from '../dialects/index.ts'
import { type AnyModel, withThroughModels } from '../models/index.ts'
import { detectChanges } from './detection/index.ts'
import { ProjectState } from './project-state.ts'
import { restorePolicies } from './row-policies/index.ts'
import { databaseSink, SchemaEditor } from './schema/index.ts'

/** Makes the tables of models in an empty database without migrations, as their first migrations would: for tests. */
export async function createTables(database: Database, models: readonly AnyModel[]): Promise<void> {
  const { dialect, version } = database
  const editor = new SchemaEditor({ dialect, version, sink: databaseSink({ executor: database, database }) })
  let from = ProjectState.empty
  for (const { app, operation } of detectChanges(from, new ProjectState(withThroughModels(models))).operations) {
    const to = operation.stateForwards(from, app)
    await operation.databaseForwards(editor, { app, from, to })
    from = to
  }
  if (dialect === 'postgresql') await restorePolicies(database, models)
}
