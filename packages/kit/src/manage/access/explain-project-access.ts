import { loadApps, modelsOf } from '../installed-app.ts'
import { commandContext } from '../open-project.ts'
import type { Project } from '../project.ts'
import { toolSettings } from '../project-settings.ts'
import { type AccessQuestion, explainAccess } from './explain-access.ts'
import { explanationLines } from './explanation.ts'

/** Prints why a request is let through or not; the process ends with 1 if it is not. */
export async function explainProjectAccess(project: Project, question: AccessQuestion): Promise<void> {
  const apps = await loadApps(project)
  const given = toolSettings(project)
  const settings = { ...given, redisUrl: null, log: { ...given.log, level: 'silent' } } as const
  const { server, store, endpoints } = await project.buildServer({ settings, models: modelsOf(apps) })
  try {
    const parts = {
      ctx: commandContext(store),
      accounts: await project.accounts(),
      routers: await project.routers(),
      endpoints,
    }
    const explanation = await explainAccess(question, parts)
    for (const line of explanationLines(explanation)) console.log(line)
    if (explanation.denial !== null) process.exitCode = 1
  } finally {
    await server.close()
  }
}
