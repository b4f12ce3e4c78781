import { inspectDatabase, openDatabase } from '../../db/index.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'

export interface InspectArguments {
  readonly tables: readonly string[]
  readonly app: string
}

/** Looks at the database alone: the models of the project need not be sound, or be there. */
export async function inspectProjectDatabase(project: Project, { tables, app }: InspectArguments): Promise<void> {
  const database = await openDatabase(toolSettings(project).database)
  try {
    process.stdout.write(await inspectDatabase({ executor: database, dialect: database.dialect, tables, app }))
  } finally {
    await database.close()
  }
}
