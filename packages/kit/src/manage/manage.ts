import { Command, CommanderError } from 'commander'
import { DatabaseError, MigrationError } from '../db/index.ts'
import { MailTemplateError } from '../mail/index.ts'
import { SettingsError } from '../settings/index.ts'
import { addAccessCommands } from './access/commands.ts'
import { addAccountCommands } from './accounts/commands.ts'
import { addAppCommands } from './apps/commands.ts'
import { addCheckCommands } from './checks/commands.ts'
import { CommandError } from './command-error.ts'
import { addDataCommands } from './data/commands.ts'
import { addDatabaseCommands } from './database/commands.ts'
import { addInspectionCommands } from './inspection/commands.ts'
import { addMailCommands } from './mail/commands.ts'
import type { Project } from './project.ts'
import { addServingCommands } from './serving/commands.ts'
import { unknownCommandText } from './unknown-command.ts'

/**
 * Runs one command of a project: `manage(project, process.argv.slice(2))`. What it prints and how the process ends are
 * Django's, where Django has the command.
 */
export async function manage(project: Project, argv: readonly string[]): Promise<void> {
  const program = createProgram(project)
  const unknown = unknownCommandText(program, argv)
  if (unknown !== null) {
    console.error(unknown)
    process.exitCode = 1
    return
  }
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    process.exitCode = exitCodeOf(error, program.opts<{ readonly traceback?: boolean }>().traceback === true)
  }
}

function createProgram(project: Project): Command {
  const program = new Command('node manage.ts')
  program
    .description(`The commands of ${project.info.title}.`)
    .option('--traceback', 'show where an expected failure was raised')
  program.exitOverride().showHelpAfterError(false)
  const addAll = [
    addServingCommands,
    addDatabaseCommands,
    addAccountCommands,
    addAccessCommands,
    addAppCommands,
    addCheckCommands,
    addInspectionCommands,
    addDataCommands,
    addMailCommands,
  ]
  for (const add of addAll) add(program, project)
  return program
}

/** Tells the failure, and gives what the process ends with. What nobody expected is thrown on, with its trace. */
function exitCodeOf(error: unknown, hasTraceback: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const isMistake = error instanceof SettingsError || error instanceof MailTemplateError
  const isExpected = error instanceof CommandError || error instanceof MigrationError || isMistake
  const isUnavailable = error instanceof DatabaseError && error.kind === 'unavailable'
  if (!isExpected && !isUnavailable) throw error
  if (hasTraceback) console.error(error)
  else if (error instanceof SettingsError) console.error(`${error.message}\n${SETTINGS_HINT}`)
  else console.error(`${error instanceof CommandError ? error.name : 'CommandError'}: ${error.message}`)
  return 'exitCode' in error ? error.exitCode : 1
}

const SETTINGS_HINT =
  'Set them in the environment or in the file .env beside manage.ts. For development, DEBUG=true is enough.'
