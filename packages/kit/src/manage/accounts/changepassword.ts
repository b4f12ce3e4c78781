import { type Settings, SettingsError } from '../../settings/index.ts'
import { CommandError } from '../command-error.ts'
import { commandContext, withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { servingSettings, toolSettings } from '../project-settings.ts'
import { askPassword, isAtTerminal } from './ask.ts'

export async function changePassword(project: Project, email: string, noinput: boolean): Promise<void> {
  const accounts = await project.accounts()
  const settings = settingsOfServers(project)
  await withProject(project, settings, async ({ store }) => {
    const ctx = commandContext(store)
    const user = await accounts.findUser(ctx, email)
    if (!user) throw new CommandError(`user '${email}' does not exist`)
    console.log(`Changing password for user '${user.email}'`)
    const problemsOf = (password: string) => accounts.passwordProblems(password, user)
    const password = noinput || !isAtTerminal() ? passwordOfEnvironment(problemsOf) : await askPassword(problemsOf)
    await accounts.changePassword(ctx, user.id, password, settings)
    console.log(`Password changed successfully for user '${user.email}'`)
  })
}

/** Locks are found by the secret of the servers. A password can be changed without it, but then a lock stays. */
function settingsOfServers(project: Project): Settings {
  try {
    return servingSettings(project)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    console.error('The settings of the servers are not complete here: if the account is locked, it stays locked.')
    return toolSettings(project)
  }
}

function passwordOfEnvironment(problemsOf: (password: string) => readonly string[]): string {
  const password = process.env.NEW_PASSWORD
  if (!password) throw new CommandError('You must set NEW_PASSWORD with --noinput, or when not running in a TTY.')
  const problems = problemsOf(password)
  if (problems.length > 0) throw new CommandError(problems.join('\n'))
  return password
}
