import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { MailTemplateError } from '../../mail/index.ts'
import type { InstalledApp } from '../installed-app.ts'
import type { Project } from '../project.ts'
import { withScratchServer } from '../scratch-server.ts'
import type { CheckMessage } from './check-message.ts'

/** Whether the endpoints can be built, and every app that has some is served. */
export async function checkUrls(project: Project, apps: readonly InstalledApp[]): Promise<CheckMessage[]> {
  const served = new Set((await project.routers()).map(({ app }) => app))
  const unserved = apps.filter(({ home, name }) => !served.has(name) && existsSync(join(home, 'urls.ts')))
  const messages = unserved.map(
    ({ name }): CheckMessage => ({
      level: 'WARNING',
      id: 'urls.W004',
      object: name,
      text: `The app '${name}' has urls.ts, but its router is not served.`,
      hint: 'Add its router to the list in core/urls.ts.',
    }),
  )
  return [...messages, ...(await buildingProblems(project))]
}

/** Viewsets and routers refuse, when they are built, what their models do not have. */
async function buildingProblems(project: Project): Promise<CheckMessage[]> {
  try {
    await withScratchServer(project, async () => {})
    return []
  } catch (error) {
    if (error instanceof MailTemplateError) {
      return [{ level: 'ERROR', id: 'mail.E901', object: 'templates', text: error.message }]
    }
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
    return [{ level: 'ERROR', id: 'urls.E004', object: 'urls', text: error.message }]
  }
}
