import { migrate } from '../../db/index.ts'
import { CommandError } from '../command-error.ts'
import { migrationApps } from '../installed-app.ts'
import { commandContext, withProject } from '../open-project.ts'
import type { DemoSummary, Project } from '../project.ts'
import { servingSettings } from '../project-settings.ts'
import { startServer, stopOnSignals } from './start.ts'

/** Migrates the database, adds the data of the demo that is missing, and serves if asked to. */
export async function runDemo(project: Project, serves: boolean): Promise<void> {
  const settings = servingSettings(project)
  if (!settings.debug) {
    throw new CommandError('The demo makes accounts with a password that everybody knows: it needs DEBUG=true.')
  }
  const summary = await withProject(project, settings, async ({ apps, database, store }) => {
    const { applied } = await migrate({ database, apps: migrationApps(apps) })
    if (applied.length > 0) console.log(`Applied ${applied.length} migration(s).`)
    const demo = await project.demo()
    return demo.load(commandContext(store))
  })
  console.log(`\nDemo data in ${settings.database.name}:\n${summary.contents.map((line) => `  ${line}`).join('\n')}`)
  console.log(`\nSign in with the password ${summary.password} as\n${signInLines(summary)}`)
  if (!serves) return
  const started = await startServer(project, { settings, onNotice: (text) => console.log(text) })
  stopOnSignals(started)
  console.log(`\n${addressLines(started.url, summary)}\n\nQuit the server with CONTROL-C.\n`)
}

function signInLines({ signIns }: DemoSummary): string {
  const width = Math.max(...signIns.map(({ email }) => email.length))
  return signIns.map(({ email, role }) => `  ${email.padEnd(width)}  ${role}`).join('\n')
}

function addressLines(url: string, { firstPath }: DemoSummary): string {
  const base = url.replace(/\/$/, '')
  return [
    `API             ${base}${firstPath}`,
    `Documentation   ${base}/api/docs/ and ${base}/api/redoc/`,
    `Schema          ${base}/api/schema/`,
    `Health          ${base}/api/health/ready/`,
  ].join('\n')
}
