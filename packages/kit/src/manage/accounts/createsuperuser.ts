import { ApiError } from '../../base/index.ts'
import { CommandError } from '../command-error.ts'
import { commandContext, withProject } from '../open-project.ts'
import type { Accounts, NewUser, Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'
import { askPassword, askText, isAtTerminal } from './ask.ts'

export interface CreateSuperuserArguments {
  readonly email?: string
  readonly name?: string
  readonly noinput?: boolean
}

export async function createSuperuser(project: Project, given: CreateSuperuserArguments): Promise<void> {
  if (!given.noinput && !isAtTerminal()) {
    console.log(
      'Superuser creation skipped due to not running in a TTY. You can create one with `createsuperuser --noinput` and the variables SUPERUSER_EMAIL and SUPERUSER_PASSWORD.',
    )
    return
  }
  const accounts = await project.accounts()
  await withProject(project, toolSettings(project), async ({ store }) => {
    const ctx = commandContext(store)
    const user = given.noinput ? userOfEnvironment(given) : await askUser(accounts, given)
    if (await accounts.findUser(ctx, user.email)) throw new CommandError('Error: That email is already taken.')
    try {
      await accounts.createUser(ctx, { ...user, isSuperuser: true })
    } catch (error) {
      throw refusedUser(error)
    }
    console.log('Superuser created successfully.')
  })
}

/** The password is taken as it is, as Django does: who sets the environment decides. */
function userOfEnvironment(given: CreateSuperuserArguments): NewUser {
  const email = given.email || process.env.SUPERUSER_EMAIL
  const password = process.env.SUPERUSER_PASSWORD
  if (!email) throw new CommandError('You must use --email with --noinput.')
  if (!password) throw new CommandError('You must set SUPERUSER_PASSWORD with --noinput.')
  return { email, password, name: given.name || process.env.SUPERUSER_NAME || nameOf(email) }
}

async function askUser(accounts: Accounts, given: CreateSuperuserArguments): Promise<NewUser> {
  const email = given.email ?? (await askText('Email'))
  const name = given.name ?? (await askText('Name'))
  const password = await askPassword((password) => accounts.passwordProblems(password, { email, name }))
  return { email, name, password }
}

const nameOf = (email: string): string => email.split('@', 1)[0] || email

function refusedUser(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error
  const messages = Object.entries(error.errors).map(([field, texts]) => `${field}: ${texts.join(' ')}`)
  return new CommandError(`Error: ${messages.join('; ') || error.message}`, { cause: error })
}
