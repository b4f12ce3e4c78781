import { flushStatements, flushTables } from '../../db/index.ts'
import { askText, isAtTerminal } from '../accounts/ask.ts'
import { CommandError } from '../command-error.ts'
import { loadApps, modelsOf } from '../installed-app.ts'
import { withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'

export async function flushDatabase(project: Project, { asks }: { readonly asks: boolean }): Promise<void> {
  const settings = toolSettings(project)
  if (asks) await confirm(settings.database.name)
  await withProject(project, settings, ({ database, store }) => flushTables(database, store.registry.models))
}

export async function printFlush(project: Project): Promise<void> {
  const { dialect } = toolSettings(project).database
  const models = modelsOf(await loadApps(project))
  console.log(
    flushStatements(dialect, models)
      .map((statement) => `${statement};`)
      .join('\n'),
  )
}

async function confirm(name: string): Promise<void> {
  if (!isAtTerminal()) throw new CommandError('Nobody can be asked whether all rows may go: say --noinput.')
  console.log(
    `You have requested a flush of the database.\nThis will IRREVERSIBLY DESTROY all data currently in the '${name}' database,\nand return each table to an empty state.`,
  )
  const answer = await askText("Are you sure you want to do this? Type 'yes' to continue, or 'no' to cancel:")
  if (answer !== 'yes') throw new CommandError('Flush cancelled.')
}
