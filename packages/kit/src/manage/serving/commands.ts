import { type Command, InvalidArgumentError } from 'commander'
import type { Project } from '../project.ts'

const MOST_WORKERS = 256

/** Adds the commands that answer requests. */
export function addServingCommands(program: Command, project: Project): void {
  program
    .command('runserver')
    .description('Serves for development, and starts anew when a file changes.')
    .argument('[addrport]', 'a port, or an address and a port such as 0.0.0.0:8000')
    .option('--noreload', 'go on when a file changes')
    .action(async (address: string | undefined, { noreload = false }: { readonly noreload?: boolean }) => {
      const { runServer } = await import('./runserver.ts')
      await runServer(project, { address, noreload })
    })
  program
    .command('serve')
    .description('Serves in production, until SIGTERM or SIGINT.')
    .option('-w, --workers <number>', 'how many processes share the port', wholeNumber, 1)
    .action(async ({ workers }: { readonly workers: number }) => {
      const { serve } = await import('./serve.ts')
      await serve(project, workers)
    })
  program
    .command('demo')
    .description('Loads data to look at. Needs DEBUG.')
    .option('--serve', 'then serve')
    .action(async ({ serve = false }: { readonly serve?: boolean }) => {
      const { runDemo } = await import('./demo.ts')
      await runDemo(project, serve)
    })
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= 1 && number <= MOST_WORKERS) return number
  throw new InvalidArgumentError(`Wanted a whole number from 1 to ${MOST_WORKERS}.`)
}
