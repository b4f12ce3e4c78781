import type { Command } from 'commander'
import type { Project } from '../project.ts'

/** Adds `startapp`. */
export function addAppCommands(program: Command, project: Project): void {
  program
    .command('startapp')
    .description('Creates a working app and registers it.')
    .argument('<name>', 'in small letters, such as inventory')
    .argument('[directory]', 'apps/<name> of the project, which is also where it goes by default')
    .action(async (name: string, directory: string | undefined) => {
      const { startApp } = await import('./startapp.ts')
      await startApp(project, { name, directory })
    })
}
