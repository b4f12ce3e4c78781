import { resolve } from 'node:path'
import { type Environment, readSettings, type Settings } from '@bailiwick/kit/settings'

/** The folder of `manage.ts`. */
export const ROOT = resolve(import.meta.dirname, '..')

/** The apps of the project: each is a folder of `apps/`, whose models, migrations and admin are found by their place. */
export const INSTALLED_APPS = ['account', 'business', 'clients']

/** The settings of the project, from the environment. @throws {SettingsError} */
export function projectSettings(environment: Environment): Settings {
  const settings = readSettings(environment)
  const { database } = settings
  if (database.dialect !== 'sqlite') return settings
  // Beside the project, wherever a command is run from.
  return Object.freeze({ ...settings, database: { ...database, name: resolve(ROOT, database.name) } })
}
