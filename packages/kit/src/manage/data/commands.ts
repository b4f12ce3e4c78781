import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Project } from '../project.ts'
import type { BusinessExport, BusinessImport } from './business-copy.ts'
import type { DumpArguments } from './dumpdata.ts'
import type { LoadArguments } from './loaddata.ts'

const FORMATS = ['json', 'jsonl'] as const

/** Adds the commands that move rows in and out of the database as a whole, and open its own prompt. */
export function addDataCommands(program: Command, project: Project): void {
  addDump(program, project)
  addLoad(program, project)
  addFlush(program, project)
  addBusinessCopy(program, project)
  program
    .command('dbshell')
    .description("Opens the database's own prompt: psql, mariadb (or mysql) or sqlite3.")
    .argument('[parameters...]', 'handed on to it, after --')
    .action(async (parameters: string[]) => {
      const { openDatabaseShell } = await import('./dbshell.ts')
      await openDatabaseShell(project, parameters)
    })
}

function addDump(program: Command, project: Project): void {
  program
    .command('dumpdata')
    .description('Writes rows as JSON, for loaddata.')
    .argument('[models...]', 'only these apps or models: clients, clients.Client')
    .addOption(new Option('--format <format>', 'how').choices(FORMATS).default('json'))
    .option('--indent <spaces>', 'with line breaks, indented by so much', wholeNumber)
    .option('-e, --exclude <label>', 'leave out an app or a model; may be given again', collect, [])
    .option('-a, --all', 'also the rows in the bin')
    .option('--pks <ids>', 'only these rows, by ids between commas, of the one model')
    .option('--natural-foreign', 'name what a foreign key points to by its natural key')
    .option('--natural-primary', 'leave the id out where a row has a natural key')
    .option('--business <slug>', 'only the rows of this business')
    .option('-o, --output <file>', 'write to a file; compressed if its name ends with .gz')
    .action(async (labels: string[], options: DumpArguments) => {
      const { dumpData } = await import('./dumpdata.ts')
      await dumpData(project, labels, options)
    })
}

function addLoad(program: Command, project: Project): void {
  program
    .command('loaddata')
    .description('Puts rows that dumpdata wrote into the database: all of them or, if one is wrong, none.')
    .argument('<fixtures...>', 'files, or names of files in the fixtures/ of the apps; - for the standard input')
    .addOption(new Option('--format <format>', 'of the standard input').choices(FORMATS))
    .option('-i, --ignorenonexistent', 'pass over models and fields that are not there any more')
    .option('-e, --exclude <label>', 'leave out an app or a model; may be given again', collect, [])
    .option('--app <app>', 'look for names only in the fixtures/ of this app')
    .action(async (names: string[], options: LoadArguments) => {
      const { loadData } = await import('./loaddata.ts')
      await loadData(project, names, options)
    })
}

function addFlush(program: Command, project: Project): void {
  program
    .command('flush')
    .description('Removes all rows from all tables. What has been migrated stays migrated.')
    .option('--noinput', 'do not ask')
    .action(async ({ noinput = false }: { readonly noinput?: boolean }) => {
      const { flushDatabase } = await import('./flush.ts')
      await flushDatabase(project, { asks: !noinput })
    })
  program
    .command('sqlflush')
    .description('Prints the SQL that flush runs.')
    .action(async () => {
      const { printFlush } = await import('./flush.ts')
      await printFlush(project)
    })
}

function addBusinessCopy(program: Command, project: Project): void {
  program
    .command('exportbusiness')
    .description('Writes a whole business with the people in it, for importbusiness.')
    .argument('<slug>')
    .option('-o, --output <file>', 'write to a file; compressed if its name ends with .gz')
    .action(async (slug: string, options: BusinessExport) => {
      const { exportProjectBusiness } = await import('./business-copy.ts')
      await exportProjectBusiness(project, slug, options)
    })
  program
    .command('importbusiness')
    .description('Makes a business of what exportbusiness wrote, here or elsewhere, under new ids.')
    .argument('<file>', '- for the standard input')
    .requiredOption('--slug <slug>', 'its name in addresses')
    .option('--name <name>', 'its name; the slug by default')
    .action(async (file: string, options: BusinessImport) => {
      const { importProjectBusiness } = await import('./business-copy.ts')
      await importProjectBusiness(project, file, options)
    })
}

function wholeNumber(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Wanted a whole number up to 99.')
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value]
