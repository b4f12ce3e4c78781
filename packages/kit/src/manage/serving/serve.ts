import cluster from 'node:cluster'
import type { Project } from '../project.ts'
import { servingSettings } from '../project-settings.ts'
import { becomeLean } from './lean-process.ts'
import { startServer, stopOnSignals } from './start.ts'

/** Serves until it is told to stop: in this process, or with several workers in as many others. */
export async function serve(project: Project, workers: number): Promise<void> {
  if (cluster.isPrimary) becomeLean()
  const settings = servingSettings(project)
  if (workers > 1 && cluster.isPrimary) {
    const { superviseWorkers } = await import('./supervise-workers.ts')
    return superviseWorkers(workers)
  }
  const isFirst = !cluster.isWorker || cluster.worker?.id === 1
  // The log of requests has the standard output for itself.
  const onNotice = (text: string) => isFirst && console.error(text)
  const started = await startServer(project, { settings, onNotice }).catch((error: unknown) => {
    // A worker lives as long as its channel to the supervisor, which is to see that it could not start.
    cluster.worker?.disconnect()
    throw error
  })
  stopOnSignals(started)
  if (cluster.isPrimary) console.error(`Serving at ${started.url} (process ${process.pid})`)
}
