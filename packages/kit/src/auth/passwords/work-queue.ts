import { randomInt } from 'node:crypto'
import { ApiError } from '../../base/index.ts'

export interface WorkQueueOptions {
  /** Pieces of work that run at the same time. */
  readonly concurrency: number
  /** Pieces that wait for their turn, at the most. */
  readonly waiting: number
}

/** Runs a few pieces of dear work at a time, lets some wait, and refuses the rest. */
export class WorkQueue {
  readonly #concurrency: number
  readonly #mostWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor({ concurrency, waiting }: WorkQueueOptions) {
    this.#concurrency = concurrency
    this.#mostWaiting = waiting
  }

  /** @throws {ApiError} `service_unavailable` if too many wait already */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#enter()
    try {
      return await work()
    } finally {
      this.#leave()
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
