import { randomBytes } from 'node:crypto'
import type { Environment, Settings } from '../settings/index.ts'
import type { Project } from './project.ts'

/** The settings of a command that signs tokens or answers requests. @throws {SettingsError} */
export function servingSettings(project: Project, environment: Environment = process.env): Settings {
  return project.settings(environment)
}

/**
 * The settings of a command that only looks at the code or the database: a job that migrates need not be given the
 * secrets of the one that serves. What is not set is made up, so that nothing signed here is worth anything elsewhere.
 *
 * @throws {SettingsError} for what is set and malformed
 */
export function toolSettings(project: Project, environment: Environment = process.env): Settings {
  return project.settings({
    ...environment,
    SECRET_KEY: environment.SECRET_KEY || madeUpSecret(),
    JWT_SECRET_KEY: environment.JWT_SECRET_KEY || madeUpSecret(),
    ALLOWED_HOSTS: environment.ALLOWED_HOSTS || 'localhost',
  })
}

const madeUpSecret = (): string => randomBytes(48).toString('base64url')
