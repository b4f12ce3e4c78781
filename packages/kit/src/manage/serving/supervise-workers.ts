import cluster, { type Worker } from 'node:cluster'
import { addressUrl } from './address.ts'
import { cacheVariables } from './lean-process.ts'

/** A worker that dies before it has served this long counts as one that cannot start. */
const SHORTEST_LIFE_MS = 5000
/** Deaths in a row of workers that could not start, before it is given up. */
const MOST_FAILED_STARTS = 5
const RESTART_DELAY_MS = 500
/** A little longer than a worker takes to drain. */
const LONGEST_STOP_MS = 11_000

/**
 * Keeps so many workers alive, which share one port, until the process is told to stop; then each ends what it is at.
 * Settles when all are gone.
 */
export function superviseWorkers(count: number): Promise<void> {
  return new Supervisor(count).run()
}

class Supervisor {
  readonly #count: number
  readonly #bornMs = new Map<number, number>()
  readonly #done = Promise.withResolvers<void>()
  #ready = 0
  #failedStarts = 0
  #isStopping = false

  constructor(count: number) {
    this.#count = count
  }

  run(): Promise<void> {
    cluster.on('listening', (_worker, { address, port }) => this.#tellWhenAllListen(address, port))
    cluster.on('exit', (worker, code, signal) => this.#replace(worker, signal ?? `code ${code}`))
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.#stop(0))
    for (let index = 0; index < this.#count; index++) this.#fork()
    return this.#done.promise
  }

  #fork(): void {
    if (!this.#isStopping) this.#bornMs.set(cluster.fork(cacheVariables()).id, Date.now())
  }

  #tellWhenAllListen(host: string, port: number): void {
    if (++this.#ready !== this.#count) return
    console.error(`Serving at ${addressUrl({ host, port })} with ${this.#count} workers (process ${process.pid})`)
  }

  #replace(worker: Worker, cause: string): void {
    if (this.#isStopping) {
      this.#endIfAllAreGone()
      return
    }
    const livedMs = Date.now() - (this.#bornMs.get(worker.id) ?? 0)
    this.#bornMs.delete(worker.id)
    this.#failedStarts = livedMs < SHORTEST_LIFE_MS ? this.#failedStarts + 1 : 0
    console.error(`Worker ${worker.process.pid} ended (${cause})`)
    if (this.#failedStarts < MOST_FAILED_STARTS) {
      setTimeout(() => this.#fork(), this.#failedStarts > 0 ? RESTART_DELAY_MS : 0)
      return
    }
    console.error(`${this.#failedStarts} workers in a row could not start: giving up.`)
    this.#stop(1)
  }

  #stop(exitCode: number): void {
    if (this.#isStopping) return
    this.#isStopping = true
    process.exitCode = exitCode
    signalAll('SIGTERM')
    setTimeout(() => signalAll('SIGKILL'), LONGEST_STOP_MS).unref()
    this.#endIfAllAreGone()
  }

  #endIfAllAreGone(): void {
    if (livingWorkers().length === 0) this.#done.resolve()
  }
}

function signalAll(signal: NodeJS.Signals): void {
  for (const worker of livingWorkers()) worker.process.kill(signal)
}

function livingWorkers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker?.isDead() === false)
}
