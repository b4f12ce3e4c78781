import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hooksOf, type InstalledApp, loadApps, modelsOf } from './installed-app.ts'
import type { BuiltServer, Project } from './project.ts'
import { toolSettings } from './project-settings.ts'

/**
 * Runs `work` on the server of a project as it would be built, over an empty database of its own: for commands that look
 * at the endpoints and need none of the services to be up.
 */
export async function withScratchServer<Result>(
  project: Project,
  work: (built: BuiltServer, apps: readonly InstalledApp[]) => Promise<Result>,
): Promise<Result> {
  const apps = await loadApps(project)
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-'))
  const settings = {
    ...toolSettings(project),
    database: { dialect: 'sqlite', name: join(folder, 'scratch.sqlite3'), poolSize: 1 },
    redisUrl: null,
    log: { level: 'silent', slowQueryMs: 0 },
  } as const
  try {
    const built = await project.buildServer({ settings, models: modelsOf(apps), hooks: hooksOf(apps) })
    try {
      return await work(built, apps)
    } finally {
      await built.server.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
