import type { Command } from 'commander'
import type { Project } from '../project.ts'
import { LEVELS } from './check-message.ts'

/** Adds `check`. */
export function addCheckCommands(program: Command, project: Project): void {
  const levels = LEVELS.toReversed().join(', ')
  program
    .command('check')
    .description('Looks for mistakes in the project, without a request or a database.')
    .option('--deploy', 'also look for what is unfit for production')
    .option('--fail-level <level>', `end with 1 for messages of this level or above: ${levels}`, 'ERROR')
    .action(async (options: { readonly deploy?: boolean; readonly failLevel: string }) => {
      const { check } = await import('./check.ts')
      await check(project, { deploy: options.deploy === true, failLevel: options.failLevel })
    })
}
