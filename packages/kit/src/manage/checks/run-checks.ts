import { CommandError } from '../command-error.ts'
import type { Project } from '../project.ts'
import { checkAdminSite } from './check-admin-site.ts'
import { checkDatabase } from './check-database.ts'
import { type CheckMessage, isAtLeast, type Level } from './check-message.ts'
import { checkMigrationRisks } from './check-migration-risks.ts'
import { checkMigrations } from './check-migrations.ts'
import { checkModels } from './check-models.ts'
import { checkUrls } from './check-urls.ts'

/** What is looked at only if it is asked for. */
export interface MoreChecks {
  /** The tables of the database, which has to be there. */
  readonly database?: boolean
  /** What migrations do to those who use the tables. */
  readonly migrations?: boolean
}

/** What all checks of the code have to say. Later ones are left out where an earlier one makes them impossible. */
export async function runChecks(project: Project, more: MoreChecks = {}): Promise<CheckMessage[]> {
  const { database: isAgainstDatabase = false, migrations = false } = more
  const { apps, messages } = await checkModels(project)
  if (apps === null) return messages
  const others = await Promise.all([checkAdminSite(apps), checkMigrations(apps), checkUrls(project, apps)])
  const asked = [
    ...(isAgainstDatabase ? await checkDatabase(project, apps) : []),
    ...(migrations ? await checkMigrationRisks(project, apps, { isAgainstDatabase }) : []),
  ]
  return [...messages, ...others.flat(), ...asked]
}

/** Says what the checks say, before a command that needs a sound project. @throws {CommandError} if one is an error */
export async function requireNoErrors(project: Project): Promise<void> {
  const messages = await runChecks(project)
  if (messages.some(({ level }) => isAtLeast(level, 'ERROR'))) throw new SystemCheckError(messages)
  console.log(reportOf(messages))
}

/** The checks have found what a command cannot go on with. */
export class SystemCheckError extends CommandError {
  constructor(messages: readonly CheckMessage[]) {
    super(reportOf(messages))
    this.name = 'SystemCheckError'
  }
}

const HEADINGS: Readonly<Record<Level, string>> = {
  CRITICAL: 'CRITICALS',
  ERROR: 'ERRORS',
  WARNING: 'WARNINGS',
  INFO: 'INFOS',
  DEBUG: 'DEBUGS',
}

/** The messages as Django prints them. */
export function reportOf(messages: readonly CheckMessage[]): string {
  const count = `System check identified ${countOf(messages.length)} (0 silenced).`
  if (messages.length === 0) return count
  // as: the keys of a record of levels
  const groups = (Object.keys(HEADINGS) as Level[]).flatMap((level) => {
    const lines = messages.filter((message) => message.level === level).map(lineOf)
    return lines.length === 0 ? [] : [`${HEADINGS[level]}:\n${lines.join('\n')}\n`]
  })
  return ['System check identified some issues:\n', ...groups, count].join('\n')
}

function countOf(count: number): string {
  if (count === 0) return 'no issues'
  return count === 1 ? '1 issue' : `${count} issues`
}

function lineOf({ object, id, text, hint }: CheckMessage): string {
  return `${object}: (${id}) ${text}${hint === undefined ? '' : `\n\tHINT: ${hint}`}`
}
