import { DatabaseError } from '../database-error.ts'

interface Waiter {
  readonly start: () => void
  readonly timer: NodeJS.Timeout
}

/** Lets one writer at a time pass, in the order they came. */
export class WriterLock {
  readonly #timeoutMs: number
  readonly #waiting = new Set<Waiter>()
  #isHeld = false

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** @throws {DatabaseError} of kind `unavailable` if the lock does not come free in time */
  async acquire(): Promise<void> {
    if (!this.tryAcquire()) await this.#wait()
  }

  tryAcquire(): boolean {
    if (this.#isHeld) return false
    this.#isHeld = true
    return true
  }

  release(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#isHeld = false
      return
    }
    // The lock passes from hand to hand, so nobody can slip in between.
    this.#waiting.delete(next)
    clearTimeout(next.timer)
    next.start()
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter)
        reject(new DatabaseError('database is locked: another transaction goes on writing', { kind: 'unavailable' }))
      }, this.#timeoutMs)
      const waiter: Waiter = { start: resolve, timer }
      this.#waiting.add(waiter)
    })
  }
}
