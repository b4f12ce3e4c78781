import type { Command } from 'commander'
import type { Project } from '../project.ts'
import type { CheckArguments } from './check.ts'
import { LEVELS } from './check-message.ts'

/** Adds `check`. */
export function addCheckCommands(program: Command, project: Project): void {
  const levels = LEVELS.toReversed().join(', ')
  program
    .command('check')
    .description('Looks for mistakes in the project, without a request, and without a database unless it is asked for.')
    .option('--deploy', 'also look for what is unfit for production')
    .option('--database', 'also compare the database with the models')
    .option('--migrations', 'also tell what migrations lock, rewrite or scan; with --database only those to come')
    .option('--fail-level <level>', `end with 1 for messages of this level or above: ${levels}`, 'ERROR')
    .action(async (options: Partial<CheckArguments> & Pick<CheckArguments, 'failLevel'>) => {
      const { check } = await import('./check.ts')
      await check(project, { ...options, deploy: options.deploy === true })
    })
}
