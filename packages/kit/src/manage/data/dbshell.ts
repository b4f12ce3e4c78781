import { spawn } from 'node:child_process'
import type { Settings } from '../../settings/index.ts'
import { CommandError } from '../command-error.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'

interface Client {
  /** The programs that will do, the best first. */
  readonly programs: readonly string[]
  readonly parameters: readonly string[]
  /** Where the password goes: a parameter could be seen by every user of the machine. */
  readonly environment: Readonly<Record<string, string>>
}

/** Becomes the database's own client, with the credentials of the settings, and ends as it ends. */
export async function openDatabaseShell(project: Project, parameters: readonly string[]): Promise<void> {
  const client = clientOf(toolSettings(project).database)
  for (const program of client.programs) {
    const code = await run(program, [...client.parameters, ...parameters], client.environment)
    if (code === null) continue
    process.exitCode = code
    return
  }
  throw new CommandError(
    `You appear not to have the '${client.programs.join("' or '")}' program installed or on your path.`,
  )
}

function clientOf({ dialect, name, host, port, user, password }: Settings['database']): Client {
  const option = (word: string, value: string | number | undefined) => (value === undefined ? [] : [word, `${value}`])
  switch (dialect) {
    case 'sqlite':
      return { programs: ['sqlite3'], parameters: [name], environment: {} }
    case 'postgresql':
      return {
        programs: ['psql'],
        parameters: [...option('-U', user), ...option('-h', host), ...option('-p', port), '-d', name],
        environment: password === undefined ? {} : { PGPASSWORD: password },
      }
    case 'mysql':
      return {
        programs: ['mariadb', 'mysql'],
        parameters: [...option('-u', user), ...option('-h', host), ...option('-P', port), '-D', name],
        environment: password === undefined ? {} : { MYSQL_PWD: password },
      }
  }
}

/** How the program ended; null if there is no such program. */
function run(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number | null> {
  const child = spawn(program, parameters, { stdio: 'inherit', env: { ...process.env, ...environment } })
  // Ctrl-C is for the query that runs over there, not for us.
  const ignore = (): void => {}
  process.on('SIGINT', ignore)
  return new Promise<number | null>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(null) : reject(error)))
    child.once('close', (code) => resolve(code ?? 1))
  }).finally(() => process.off('SIGINT', ignore))
}
