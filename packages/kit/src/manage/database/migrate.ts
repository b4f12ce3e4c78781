import { type MigrationTarget, migrate, pruneMigrations, unappliedMigrations } from '../../db/index.ts'
import { CommandError } from '../command-error.ts'
import { migrationApps } from '../installed-app.ts'
import { withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'

export interface MigrateArguments {
  readonly app?: string
  readonly name?: string
  readonly plan?: boolean
  readonly fake?: boolean
  readonly fakeInitial?: boolean
  readonly check?: boolean
  readonly prune?: boolean
}

export async function migrateProject(project: Project, given: MigrateArguments): Promise<void> {
  const { plan = false, fake = false, fakeInitial = false, app } = given
  if (given.prune && app === undefined) {
    throw new CommandError('Migrations can be pruned only when an app is specified.')
  }
  await withProject(project, toolSettings(project), async ({ apps, database }) => {
    const all = migrationApps(apps)
    const target = targetOf(given)
    if (given.check) return checkApplied(await unappliedMigrations(database, all, target ?? undefined))
    if (given.prune && app !== undefined) return print(await pruneMigrations({ database, apps: all, app }))
    const onProgress = (text: string) => process.stdout.write(text)
    await migrate({ database, apps: all, plan, fake, fakeInitial, onProgress, ...(target && { target }) })
  })
}

function print(lines: readonly string[]): void {
  for (const line of lines) console.log(line)
}

function checkApplied(unapplied: readonly string[]): void {
  if (unapplied.length === 0) return
  console.log(`Planned operations:\n${unapplied.map((key) => `  ${key}`).join('\n')}`)
  throw new CommandError(`There are ${unapplied.length} unapplied migration(s).`)
}

function targetOf({ app, name }: MigrateArguments): MigrationTarget | null {
  if (app === undefined) return null
  return name === undefined ? { app } : { app, name }
}
