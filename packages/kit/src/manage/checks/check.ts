import { SettingsError } from '../../settings/index.ts'
import { CommandError } from '../command-error.ts'
import type { Project } from '../project.ts'
import { servingSettings } from '../project-settings.ts'
import { deploymentMessages } from './check-deployment.ts'
import { type CheckMessage, isAtLeast, LEVELS } from './check-message.ts'
import { reportOf, runChecks, SystemCheckError } from './run-checks.ts'

export interface CheckArguments {
  readonly deploy: boolean
  readonly failLevel: string
  /** Whether the database is compared with the models. */
  readonly database?: boolean
  /** Whether migrations are looked at for what they do to those who use the tables. */
  readonly migrations?: boolean
}

export async function check(project: Project, given: CheckArguments): Promise<void> {
  const { deploy, failLevel, database = false, migrations = false } = given
  const least = LEVELS.find((level) => level === failLevel.toUpperCase())
  if (!least) {
    throw new CommandError(`argument --fail-level: invalid choice: '${failLevel}' (choose from ${LEVELS.join(', ')})`)
  }
  const settings = settingsMessages(project, deploy)
  const messages = [...settings, ...(await runChecks(project, { database, migrations }))]
  if (messages.some(({ level }) => isAtLeast(level, least))) throw new SystemCheckError(messages)
  console.log(reportOf(messages))
}

function settingsMessages(project: Project, deploy: boolean): CheckMessage[] {
  try {
    const settings = servingSettings(project)
    return deploy ? deploymentMessages(settings) : []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.message.split('\n').map((text) => ({ level: 'ERROR', id: 'settings.E001', object: 'settings', text }))
  }
}
