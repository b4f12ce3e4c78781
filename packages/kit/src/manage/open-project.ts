import { newId, systemClock } from '../base/index.ts'
import {
  type Context,
  createContext,
  createRegistry,
  createStore,
  type Database,
  openDatabase,
  type Store,
} from '../db/index.ts'
import type { Settings } from '../settings/index.ts'
import { hooksOf, type InstalledApp, loadApps, modelsOf } from './installed-app.ts'
import type { Project } from './project.ts'

/** A project with its database open. */
export interface OpenProject {
  readonly apps: readonly InstalledApp[]
  readonly database: Database
  readonly store: Store
}

/** Runs `work` on the database of a project, and closes it. */
export async function withProject<Result>(
  project: Project,
  settings: Settings,
  work: (open: OpenProject) => Promise<Result>,
): Promise<Result> {
  const apps = await loadApps(project)
  const registry = createRegistry(modelsOf(apps))
  const database = await openDatabase(settings.database)
  try {
    return await work({
      apps,
      database,
      store: createStore({ database, registry, clock: systemClock, hooks: hooksOf(apps) }),
    })
  } finally {
    await database.close()
  }
}

/** The context of what is done from the command line: nobody's account, in the business if one is given. */
export function commandContext(store: Store, business: string | null = null): Context {
  return createContext(store, { actor: null, business, requestId: newId() })
}
