import { type Command, Option } from 'commander'
import type { Project } from '../project.ts'
import { URL_FORMATS, type UrlFormat } from './url-formats.ts'

/** Adds the commands that look into a project: `shell`, `show_urls`, `schema` and `test`. */
export function addInspectionCommands(program: Command, project: Project): void {
  addShell(program, project)
  program
    .command('show_urls')
    .description('Lists every address that is served.')
    .addOption(new Option('-f, --format <format>', 'how').choices(URL_FORMATS).default('aligned'))
    .action(async ({ format }: { readonly format: UrlFormat }) => {
      const { showUrls } = await import('./show-urls.ts')
      await showUrls(project, format)
    })
  program
    .command('schema')
    .description('Writes the OpenAPI document of the API.')
    .option('--file <path>', 'where to write it, if not to the standard output')
    .addOption(new Option('--format <format>', 'how').choices(['json', 'yaml']).default('json'))
    .action(async (options: { readonly file?: string; readonly format: 'json' | 'yaml' }) => {
      const { writeSchema } = await import('./write-schema.ts')
      await writeSchema(project, options)
    })
  program
    .command('test')
    .description('Runs the tests of the project.')
    .argument('[labels...]', 'only files whose path holds one of these: clients, apps/clients/tests')
    .option('-k, --name <pattern>', 'only tests whose name matches')
    .option('--isolation', 'attack the project as another business could, in these apps or in all')
    .action(async (labels: string[], { name, isolation }: TestOptions) => {
      if (isolation) {
        const { runIsolation } = await import('./run-isolation.ts')
        return runIsolation(project, labels)
      }
      const { runTests } = await import('./run-tests.ts')
      await runTests(project, { labels, pattern: name ?? null })
      return undefined
    })
}

interface TestOptions {
  readonly name?: string
  readonly isolation?: boolean
}

function addShell(program: Command, project: Project): void {
  program
    .command('shell')
    .description('Opens a prompt with every model, `ctx` and `store`; or runs what comes in from elsewhere.')
    .option('-c, --command <code>', 'run this code and end; it may use await')
    .option('--business <slug>', 'work inside this business')
    .action(async (options: { readonly command?: string; readonly business?: string }) => {
      const { openShell } = await import('./shell.ts')
      await openShell(project, { code: options.command ?? null, business: options.business ?? null })
    })
}
