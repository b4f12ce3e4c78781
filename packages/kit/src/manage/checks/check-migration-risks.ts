import { type AppliedMigrations, type MigrationRisk, migrationRisks, readApplied } from '../../db/index.ts'
import { type InstalledApp, migrationApps } from '../installed-app.ts'
import { withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'
import type { CheckMessage } from './check-message.ts'

export interface RiskCheck {
  /** Whether only what the database has not had is looked at. */
  readonly isAgainstDatabase: boolean
}

/** What in the migrations locks, rewrites or scans tables on a server, with the safer way. */
export async function checkMigrationRisks(
  project: Project,
  apps: readonly InstalledApp[],
  { isAgainstDatabase }: RiskCheck,
): Promise<CheckMessage[]> {
  const { dialect } = toolSettings(project).database
  const dialects = dialect === 'sqlite' ? (['postgresql', 'mysql'] as const) : [dialect]
  const applied = isAgainstDatabase ? await appliedTo(project) : new Map()
  return (await migrationRisks({ apps: migrationApps(apps), dialects, applied })).map(riskMessage)
}

function appliedTo(project: Project): Promise<AppliedMigrations> {
  return withProject(project, toolSettings(project), ({ database }) => readApplied(database, database.dialect))
}

function riskMessage({ level, migration, operation, dialect, reason, safer }: MigrationRisk): CheckMessage {
  const name = dialect === 'mysql' ? 'MariaDB' : 'PostgreSQL'
  return {
    level,
    id: level === 'WARNING' ? 'migrations.W901' : 'migrations.I901',
    object: migration,
    text: `"${operation}" on ${name}: ${reason}. Safer: ${safer}.`,
  }
}
