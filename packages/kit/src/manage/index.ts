export { CommandError, type CommandErrorOptions } from './command-error.ts'
export { hooksOf, type InstalledApp, loadAdminSite, loadApps, migrationApps, modelsOf } from './installed-app.ts'
export { manage } from './manage.ts'
export type {
  Accounts,
  BuiltServer,
  Demo,
  DemoSummary,
  Named,
  NewMember,
  NewUser,
  Project,
  ServerParts,
} from './project.ts'
export { toolSettings } from './project-settings.ts'
export { unmigratedApps } from './unmigrated-apps.ts'
