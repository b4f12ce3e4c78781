import type { Command } from 'commander'
import type { Project } from '../project.ts'
import type { MakeMigrationsArguments } from './makemigrations.ts'
import type { MigrateArguments } from './migrate.ts'

/** Adds the commands of the database: `migrate` and its kin. */
export function addDatabaseCommands(program: Command, project: Project): void {
  addMigrate(program, project)
  addMakeMigrations(program, project)
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
  program
    .command('sqlmigrate')
    .description('Prints the SQL that a migration runs.')
    .argument('<app>')
    .argument('<name>', 'the name of the migration, or the beginning of it')
    .option('--backwards', 'the SQL of the way back')
    .action(async (app: string, name: string, { backwards = false }: { readonly backwards?: boolean }) => {
      const { printMigrationSql } = await import('./sqlmigrate.ts')
      await printMigrationSql(project, { app, name, backwards })
    })
}

function addMigrate(program: Command, project: Project): void {
  program
    .command('migrate')
    .description('Brings the tables of the database to where the migrations say.')
    .argument('[app]', 'only this app, and what it depends on')
    .argument('[name]', 'up or back to this migration; `zero` undoes all of the app')
    .option('--plan', 'only tell what would be done')
    .option('--fake', 'only note the migrations as done')
    .option('--check', 'change nothing, and end with 1 if there are migrations to apply')
    .option('--noinput', 'ask nothing (it never does)')
    .action(async (app: string | undefined, name: string | undefined, options: MigrateArguments) => {
      const { migrateProject } = await import('./migrate.ts')
      await migrateProject(project, { ...options, ...(app && { app }), ...(name && { name }) })
    })
}

function addMakeMigrations(program: Command, project: Project): void {
  program
    .command('makemigrations')
    .description('Writes the migrations that lead to the models as they are declared.')
    .argument('[apps...]', 'only these apps')
    .option('--dry-run', 'only tell what would be made')
    .option('--check', 'write nothing, and end with 1 if there is something to make')
    .option('--empty', 'make a migration without operations, to be filled in by hand')
    .option('-n, --name <name>', 'a name for the new migrations')
    .option('--noinput', 'ask nothing (it never does)')
    .option('--scriptable', 'print only the paths of the files')
    .action(async (names: string[], options: MakeMigrationsArguments) => {
      const { makeProjectMigrations } = await import('./makemigrations.ts')
      await makeProjectMigrations(project, names, options)
    })
}
