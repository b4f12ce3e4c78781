import { randomInt } from 'node:crypto'
import { ApiError } from '../../base/index.ts'

export interface WorkQueueOptions {
  /** Pieces of work that run at the same time. */
  readonly concurrency: number
  /** Pieces that wait for their turn, at the most. */
  readonly waiting: number
  /** Whether each place rests, while others wait, for as long as its work took: half of a core is left to other work. */
  readonly rests?: boolean
}

/** Runs a few pieces of dear work at a time, lets some wait, and refuses the rest. */
export class WorkQueue {
  readonly #concurrency: number
  readonly #mostWaiting: number
  readonly #rests: boolean
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor({ concurrency, waiting, rests = false }: WorkQueueOptions) {
    this.#concurrency = concurrency
    this.#mostWaiting = waiting
    this.#rests = rests
  }

  /** @throws {ApiError} `service_unavailable` if too many wait already */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#enter()
    const startMs = performance.now()
    try {
      return await work()
    } finally {
      const isResting = this.#rests && this.#waiting.length > 0
      if (isResting) setTimeout(() => this.#leave(), performance.now() - startMs)
      else this.#leave()
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#running < this.#concurrency) {
      this.#running += 1
      return undefined
    }
    if (this.#waiting.length >= this.#mostWaiting) {
      // Not all after the same time: else whoever was turned away would come back as one crowd.
      throw new ApiError('service_unavailable', { headers: { 'retry-after': String(randomInt(2, 11)) } })
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Gives the place to the one that has waited longest. */
  #leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#running -= 1
  }
}
