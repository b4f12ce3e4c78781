import { createRegistry, type Database, type DatabaseOptions, migrate, type Registry } from '../../db/index.ts'
import {
  type Accounts,
  type BuiltServer,
  hooksOf,
  loadApps,
  migrationApps,
  modelsOf,
  type Project,
} from '../../manage/index.ts'
import type { Router } from '../../rest/index.ts'
import { assertMigrated } from '../test-project.ts'

/** What is put to the proof: something that serves endpoints over a database of its own. */
export interface ProofTarget {
  /** Makes the tables in an empty database. */
  prepare(database: Database): Promise<void>
  /** Builds the server over tables that are made. */
  build(database: DatabaseOptions): Promise<BuiltServer>
  /** Its models, which are known before there is a table. */
  registry(): Promise<Registry>
  accounts(): Promise<Accounts>
  /** What is served, as it is declared. */
  routers(): Promise<readonly Router[]>
}

/** No log, a free port, and secrets that stay: a token is good after the server has been built anew. */
const ENVIRONMENT = {
  DEBUG: 'true',
  LOG_LEVEL: 'silent',
  PORT: '0',
  EMAIL_BACKEND: 'memory',
  SECRET_KEY: 'isolation-only-8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7nM1q',
  JWT_SECRET_KEY: 'isolation-only-9Yw3bM6zT8uI2oP5aS7dF1gH4jK0lZ9xC3vB8nM2qW6',
}

/** A project as `manage` knows it, on the migrations that it has. */
export function projectTarget(project: Project): ProofTarget {
  return {
    prepare: async (database) => {
      const apps = await loadApps(project)
      await assertMigrated(apps)
      await migrate({ database, apps: migrationApps(apps) })
    },
    build: async (database) => {
      const apps = await loadApps(project)
      const settings = { ...project.settings(ENVIRONMENT), database: { ...database, poolSize: 5 } }
      return project.buildServer({ settings, models: modelsOf(apps), hooks: hooksOf(apps) })
    },
    registry: async () => createRegistry(modelsOf(await loadApps(project))),
    accounts: () => project.accounts(),
    routers: () => project.routers(),
  }
}
