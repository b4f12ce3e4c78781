import { outboxState, retryFailedEntries } from '../../mail/index.ts'
import { hooksOf, loadApps, modelsOf } from '../installed-app.ts'
import { commandContext } from '../open-project.ts'
import type { BuiltServer, Project } from '../project.ts'
import { servingSettings } from '../project-settings.ts'

export interface WorkOutboxArguments {
  readonly once?: boolean
  readonly retryFailed?: boolean
}

/** Works off the outbox with the handlers of the server, which is built and does not listen. */
export async function workOutbox(
  project: Project,
  { once = false, retryFailed = false }: WorkOutboxArguments,
): Promise<void> {
  const settings = servingSettings(project)
  const apps = await loadApps(project)
  const built = await project.buildServer({ settings, models: modelsOf(apps), hooks: hooksOf(apps) })
  try {
    if (retryFailed) console.log(`Entries to be tried again: ${await retryFailedEntries(commandContext(built.store))}`)
    if (once) await workOffOnce(built)
    else await workUntilStopped(built)
  } finally {
    await built.server.close()
  }
}

async function workOffOnce({ store, worker }: BuiltServer): Promise<void> {
  const tried = await worker.workOff()
  const { waiting, failed } = await outboxState(commandContext(store))
  console.log(`Entries tried: ${tried}. Waiting: ${waiting}. Given up: ${failed}.`)
}

async function workUntilStopped({ worker }: BuiltServer): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve())
  // The worker's own timer keeps no process alive.
  const awake = setInterval(() => {}, 3_600_000)
  worker.start()
  console.error(`Working off the outbox (process ${process.pid})`)
  await stopped
  clearInterval(awake)
}
