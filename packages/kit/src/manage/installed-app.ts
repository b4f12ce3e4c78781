import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type AdminSite, adminSite, isModelAdmin } from '../admin/index.ts'
import {
  type AnyModel,
  type HookDeclaration,
  isHooks,
  isModel,
  type MigrationApp,
  withThroughModels,
} from '../db/index.ts'
import { CommandError } from './command-error.ts'
import { KIT_APP } from './kit-app.ts'
import type { Project } from './project.ts'

/** An app of the project, found by convention: `apps/clients/` with `models.ts`, `hooks.ts`, `migrations/` and `admin.ts`. */
export interface InstalledApp extends MigrationApp {
  /** The absolute path of `apps/clients`. */
  readonly home: string
  /** What it does along with changes of rows, from its `hooks.ts`. */
  readonly hooks: readonly HookDeclaration[]
}

/**
 * The apps of a project with their models, and those that the kit makes for many-to-many fields.
 *
 * @throws {CommandError} if the folder of one is missing, or a model is labelled as another app's
 */
export async function loadApps({
  root,
  installedApps,
}: Pick<Project, 'root' | 'installedApps'>): Promise<InstalledApp[]> {
  const apps = await Promise.all(installedApps.map((name) => loadApp(name, join(root, 'apps', name))))
  // Only now: the models of a many-to-many field may stand in two apps.
  return apps.map((app) => ({ ...app, models: withThroughModels(app.models) }))
}

/** What migrations work on: the kit's own tables and the apps. */
export function migrationApps(apps: readonly InstalledApp[]): MigrationApp[] {
  return [KIT_APP, ...apps]
}

/** Every model of the project, the kit's among them. */
export function modelsOf(apps: readonly InstalledApp[]): AnyModel[] {
  return migrationApps(apps).flatMap(({ models }) => models)
}

/** What the apps do along with changes of rows. */
export const hooksOf = (apps: readonly InstalledApp[]): HookDeclaration[] => apps.flatMap(({ hooks }) => hooks)

/** What the apps register with the admin. */
export async function loadAdminSite(apps: readonly InstalledApp[]): Promise<AdminSite> {
  const modules = await Promise.all(apps.map(({ home }) => importIfThere(join(home, 'admin.ts'))))
  return adminSite(modules.flatMap((module) => Object.values(module).filter(isModelAdmin)))
}

async function loadApp(name: string, home: string): Promise<InstalledApp> {
  if (!existsSync(home)) throw new CommandError(`The app '${name}' is installed, but there is no folder '${home}'.`)
  const models = Object.values(await importIfThere(join(home, 'models.ts'))).filter(isModel)
  const stray = models.find(({ app }) => app !== name)
  if (stray) {
    throw new CommandError(
      `The model '${stray.label}' is exported by apps/${name}/models.ts: its label must begin with '${name}.'.`,
    )
  }
  const hooks = Object.values(await importIfThere(join(home, 'hooks.ts'))).filter(isHooks)
  return { name, home, models, hooks, folder: join(home, 'migrations') }
}

async function importIfThere(path: string): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(path)) return {}
  return import(pathToFileURL(path).href)
}
