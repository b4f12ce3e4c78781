import { commandContext, withProject } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'

export async function flushExpiredTokens(project: Project): Promise<void> {
  const accounts = await project.accounts()
  const settings = toolSettings(project)
  await withProject(project, settings, async ({ store }) => {
    const flushed = await accounts.flushExpired(commandContext(store), settings)
    console.log(
      [
        `Removed ${flushed.sessions} expired session(s)`,
        `${flushed.oneTimeTokens} one-time token(s)`,
        `${flushed.trustedDevices} trusted device(s)`,
        `${flushed.attemptCounters} attempt counter(s)`,
        `${flushed.revocations} old revocation(s)`,
        `${flushed.securityEvents} old event(s) of the security log`,
      ].join(', '),
    )
  })
}
