import { type Command, InvalidArgumentError } from 'commander'
import type { Project } from '../project.ts'
import type { MigrateArguments } from './migrate.ts'
import { DIALECTS, type PrintedDialect, type SqlMigrateArguments } from './sql-dialects.ts'
import type { SquashArguments } from './squashmigrations.ts'

/** Adds the commands that run migrations and tell of them. */
export function addMigrationCommands(program: Command, project: Project): void {
  addMigrate(program, project)
  addShowMigrations(program, project)
  addSqlMigrate(program, project)
  addSquashMigrations(program, project)
  addInspectDatabase(program, project)
}

function addMigrate(program: Command, project: Project): void {
  program
    .command('migrate')
    .description('Brings the tables of the database to where the migrations say.')
    .argument('[app]', 'only this app, and what it depends on')
    .argument('[name]', 'up or back to this migration; `zero` undoes all of the app')
    .option('--plan', 'only tell what would be done')
    .option('--fake', 'only note the migrations as done')
    .option('--fake-initial', 'only note the first migration of an app as done, if its tables are there')
    .option('--check', 'change nothing, and end with 1 if there are migrations to apply')
    .option('--prune', 'take migrations whose files are gone from the history of the app, and do nothing else')
    .option('--noinput', 'ask nothing (it never does)')
    .action(async (app: string | undefined, name: string | undefined, options: MigrateArguments) => {
      const { migrateProject } = await import('./migrate.ts')
      await migrateProject(project, { ...options, ...(app && { app }), ...(name && { name }) })
    })
}

function addShowMigrations(program: Command, project: Project): void {
  program
    .command('showmigrations')
    .description('Lists the migrations and which of them are applied.')
    .argument('[apps...]', 'only these apps')
    .option('-l, --list', 'by app (this is the default)')
    .option('-p, --plan', 'in the order in which they are applied')
    .option('-v, --verbosity <level>', '2 also shows when each was applied, or what it depends on', '1')
    .action(async (names: string[], options: { readonly plan?: boolean; readonly verbosity: string }) => {
      const { showProjectMigrations } = await import('./showmigrations.ts')
      await showProjectMigrations(project, names, options)
    })
}

function addSqlMigrate(program: Command, project: Project): void {
  program
    .command('sqlmigrate')
    .description('Prints the SQL that a migration runs. Needs no database.')
    .argument('<app>')
    .argument('<name>', 'the name of the migration, or the beginning of it')
    .option('--backwards', 'the SQL of the way back')
    .option('--dialect <name>', `for ${DIALECTS.join(', ')}; by default that of the settings`, printedDialect)
    .action(async (app: string, name: string, options: Omit<SqlMigrateArguments, 'app' | 'name'>) => {
      const { printMigrationSql } = await import('./sqlmigrate.ts')
      await printMigrationSql(project, { app, name, ...options })
    })
}

function printedDialect(given: string): PrintedDialect {
  const dialect = DIALECTS.find((name) => name === given)
  if (!dialect) throw new InvalidArgumentError(`Choose from ${DIALECTS.join(', ')}.`)
  return dialect
}

function addSquashMigrations(program: Command, project: Project): void {
  program
    .command('squashmigrations')
    .description('Makes one migration of several; it stands for them where they have been applied.')
    .argument('<app>')
    .argument('<names...>', 'the last of them, or the first and the last')
    .option('--no-optimize', 'keep every operation')
    .option('--squashed-name <name>', 'a name for the new migration')
    .option('--noinput', 'ask nothing (it never does)')
    .action(async (app: string, names: string[], options: Omit<SquashArguments, 'app' | 'names'>) => {
      const { squashProjectMigrations } = await import('./squashmigrations.ts')
      await squashProjectMigrations(project, { app, names, ...options })
    })
}

function addInspectDatabase(program: Command, project: Project): void {
  program
    .command('inspectdb')
    .description('Prints models for the tables that the database has.')
    .argument('[tables...]', 'only these tables')
    .option('--app <name>', 'the app that the models are labelled with', 'inspected')
    .action(async (tables: string[], { app }: { readonly app: string }) => {
      const { inspectProjectDatabase } = await import('./inspectdb.ts')
      await inspectProjectDatabase(project, { tables, app })
    })
}
