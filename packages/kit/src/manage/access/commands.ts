import type { Command } from 'commander'
import type { Project } from '../project.ts'

interface AccessOptions {
  readonly user: string
  readonly method: string
  readonly path: string
  readonly business?: string
}

/** Adds `access:explain`. */
export function addAccessCommands(program: Command, project: Project): void {
  program
    .command('access:explain')
    .description('Tells which rule lets a request through, or ends it.')
    .requiredOption('--user <email>', 'who asks')
    .option('--method <method>', 'with which method', 'GET')
    .requiredOption('--path <path>', 'for which address: /api/clients/clients/<id>/')
    .option('--business <slug>', 'in which business, by its slug or id; by default the one that a sign-in begins in')
    .action(async ({ user, method, path, business }: AccessOptions) => {
      const { explainProjectAccess } = await import('./explain-project-access.ts')
      const question = { email: user, method: method.toUpperCase(), path, business: business ?? null }
      await explainProjectAccess(project, question)
    })
}
