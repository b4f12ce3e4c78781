import type { Project } from '@bailiwick/kit/manage'
import { API_INFO, INSTALLED_APPS, projectSettings, ROOT } from './settings.ts'

/** The project as `manage` and the tests see it. What a command does not need is not loaded. */
export const project: Project = {
  info: API_INFO,
  root: ROOT,
  installedApps: INSTALLED_APPS,
  settings: projectSettings,
  routers: async () => (await import('./urls.ts')).routers,
  buildServer: async (parts) => (await import('./server.ts')).buildServer(parts),
  accounts: async () => (await import('./accounts.ts')).accounts,
  demo: async () => (await import('./demo.ts')).demo,
}
