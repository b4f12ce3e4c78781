import cluster, { type Worker } from 'node:cluster'
import { addressUrl } from './address.ts'

/** A worker that dies before it has served this long counts as one that cannot start. */
const SHORTEST_LIFE_MS = 5000
/** Deaths in a row of workers that could not start, before it is given up. */
const MOST_FAILED_STARTS = 5
const RESTART_DELAY_MS = 500
/** A little longer than a worker takes to drain. */
const LONGEST_STOP_MS = 11_000

/**
 * Keeps so many workers alive, which share one port, until it is told to stop; then each ends what it is at. Resolves
 * when all are gone.
 */
export function superviseWorkers(count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const bornMs = new Map<number, number>()
  let isStopping = false
  let failedStarts = 0

  const fork = (): void => {
    if (isStopping) return
    bornMs.set(cluster.fork().id, Date.now())
  }
  const stop = (exitCode: number): void => {
    if (isStopping) return
    isStopping = true
    process.exitCode = exitCode
    for (const worker of livingWorkers()) worker.process.kill('SIGTERM')
    setTimeout(() => livingWorkers().forEach((worker) => worker.process.kill('SIGKILL')), LONGEST_STOP_MS).unref()
    if (livingWorkers().length === 0) resolve()
  }

  let ready = 0
  cluster.on('listening', (_worker, { address, port }) => {
    if (++ready !== count) return
    console.error(`Serving at ${addressUrl({ host: address, port })} with ${count} workers (process ${process.pid})`)
  })
  cluster.on('exit', (worker, code, signal) => {
    if (isStopping) {
      if (livingWorkers().length === 0) resolve()
      return
    }
    const livedMs = Date.now() - (bornMs.get(worker.id) ?? 0)
    bornMs.delete(worker.id)
    failedStarts = livedMs < SHORTEST_LIFE_MS ? failedStarts + 1 : 0
    console.error(`Worker ${worker.process.pid} ended (${signal ?? `code ${code}`})`)
    if (failedStarts >= MOST_FAILED_STARTS) {
      console.error(`${failedStarts} workers in a row could not start: giving up.`)
      return stop(1)
    }
    setTimeout(fork, failedStarts > 0 ? RESTART_DELAY_MS : 0)
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(0))
  for (let index = 0; index < count; index++) fork()
  return promise
}

function livingWorkers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker?.isDead() === false)
}
