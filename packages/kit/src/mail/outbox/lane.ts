/** The work of one entry. */
export type Work = () => Promise<void>

export interface LaneOptions {
  /** Entries at the same time, at the most. */
  readonly concurrency: number
  /** Takes an entry; null: nothing is due. */
  readonly take: () => Promise<Work | null>
}

/** Entries of one kind, some at a time. */
export class Lane {
  readonly #options: LaneOptions
  readonly #running = new Set<Promise<number>>()
  #isStopped = false

  constructor(options: LaneOptions) {
    this.#options = options
  }

  /** Begins no further entry. */
  stop(): void {
    this.#isStopped = true
  }

  /** Settles when nothing is under way. */
  async whenIdle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
  }

  /** Works until nothing is due, and gives the number of entries that were tried meanwhile. */
  async run(): Promise<number> {
    this.#openSlot()
    let count = 0
    while (this.#running.size > 0) {
      const outcomes = await Promise.allSettled(this.#running)
      const failed = outcomes.find((outcome) => outcome.status === 'rejected')
      if (failed) throw failed.reason
      for (const outcome of outcomes) if (outcome.status === 'fulfilled') count += outcome.value
    }
    return count
  }

  #openSlot(): void {
    if (this.#isStopped || this.#running.size >= this.#options.concurrency) return
    const work = this.#workOff()
    const forget = (): boolean => this.#running.delete(work)
    this.#running.add(work)
    work.then(forget, forget)
  }

  async #workOff(): Promise<number> {
    let count = 0
    while (!this.#isStopped) {
      const work = await this.#options.take()
      if (work === null) break
      // Where one entry is due there may be more: an idle outbox costs one look, and not as many as there are slots.
      this.#openSlot()
      await work()
      count++
    }
    return count
  }
}
