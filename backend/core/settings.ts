import { resolve } from 'node:path'
import type { OpenApiInfo } from '@bailiwick/kit/openapi'
import { type Environment, readSettings, type Settings } from '@bailiwick/kit/settings'

/** The folder of `manage.ts`. */
export const ROOT = resolve(import.meta.dirname, '..')

/** The apps of the project: each is a folder of `apps/`, whose models, migrations and admin are found by their place. */
export const INSTALLED_APPS = ['account', 'business', 'clients']

/** What the documentation says of the API. */
export const API_INFO: OpenApiInfo = {
  title: 'Bailiwick backend',
  version: '0.1.0',
  description: 'The reference backend: accounts, businesses and their clients.',
  license: { name: 'MIT', identifier: 'MIT' },
}

/** The settings of the project, from the environment. @throws {SettingsError} */
export function projectSettings(environment: Environment): Settings {
  const settings = readSettings(environment)
  const { database } = settings
  // Beside the project, wherever a command is run from.
  const email = { ...settings.email, filePath: resolve(ROOT, settings.email.filePath) }
  if (database.dialect !== 'sqlite') return Object.freeze({ ...settings, email })
  return Object.freeze({ ...settings, email, database: { ...database, name: resolve(ROOT, database.name) } })
}
