import type { Command } from 'commander'
import type { Project } from '../project.ts'
import type { CreateSuperuserArguments } from './createsuperuser.ts'

/** Adds the commands of accounts. */
export function addAccountCommands(program: Command, project: Project): void {
  program
    .command('createsuperuser')
    .description('Creates a user who stands above all businesses.')
    .option('--email <email>', 'or the variable SUPERUSER_EMAIL')
    .option('--name <name>', 'or the variable SUPERUSER_NAME')
    .option('--noinput', 'ask nothing: the password is in SUPERUSER_PASSWORD')
    .action(async (options: CreateSuperuserArguments) => {
      const { createSuperuser } = await import('./createsuperuser.ts')
      await createSuperuser(project, options)
    })
  program
    .command('flushexpiredtokens')
    .description('Removes sessions, links, codes and trusted devices that have expired. For a daily run.')
    .action(async () => {
      const { flushExpiredTokens } = await import('./flushexpiredtokens.ts')
      await flushExpiredTokens(project)
    })
  program
    .command('changepassword')
    .description('Changes the password of a user, ends all of their sessions and unlocks the account.')
    .argument('<email>')
    .option('--noinput', 'ask nothing: the password is in NEW_PASSWORD')
    .action(async (email: string, { noinput = false }: { readonly noinput?: boolean }) => {
      const { changePassword } = await import('./changepassword.ts')
      await changePassword(project, email, noinput)
    })
}
