import type { Command } from 'commander'
import type { Project } from '../project.ts'
import type { MakeMigrationsArguments } from './makemigrations.ts'
import { addMigrationCommands } from './migration-commands.ts'

/** Adds the commands of the database: `migrate` and its kin. */
export function addDatabaseCommands(program: Command, project: Project): void {
  addMigrationCommands(program, project)
  addMakeMigrations(program, project)
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
    .option('--merge', 'join the branches of an app that has two ends')
    .option('--update', 'put the changes into the latest migration, instead of making another')
    .option('-v, --verbosity <level>', '0 prints nothing, 3 prints the files that --dry-run would write', '1')
    .option('--confirm', 'write that what may lose or refuse rows is confirmed')
    .option('--noinput', 'ask nothing (it never does)')
    .option('--scriptable', 'print only the paths of the files')
    .action(async (names: string[], options: MakeMigrationsArguments) => {
      const { makeProjectMigrations } = await import('./makemigrations.ts')
      await makeProjectMigrations(project, names, options)
    })
}
