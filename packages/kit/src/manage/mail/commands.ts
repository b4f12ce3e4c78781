import type { Command } from 'commander'
import type { Project } from '../project.ts'

/** Adds the commands of mail. */
export function addMailCommands(program: Command, project: Project): void {
  program
    .command('sendtestemail')
    .description('Sends a test message to addresses, to see whether the settings of mail are right.')
    .argument('<addresses...>')
    .action(async (addresses: readonly string[]) => {
      const { sendTestEmail } = await import('./sendtestemail.ts')
      await sendTestEmail(project, addresses)
    })
  program
    .command('workoutbox')
    .description('Sends what waits in the outbox, without a server, until SIGTERM or SIGINT.')
    .option('--once', 'end when nothing is due any more')
    .option('--retry-failed', 'first try again what was given up')
    .action(async (options: { readonly once?: boolean; readonly retryFailed?: boolean }) => {
      const { workOutbox } = await import('./workoutbox.ts')
      await workOutbox(project, options)
    })
}
