import { availableParallelism } from 'node:os'
import { hashPassword, verifyPassword } from './passwords.ts'
import { WorkQueue, type WorkQueueOptions } from './work-queue.ts'

// Of libuv's four threads one is left for files and names of hosts, and of the cores one for everything else.
const CONCURRENCY = Math.max(1, Math.min(3, availableParallelism() - 1))
const WAITING = 64

/**
 * Hashes and verifies passwords for a server: only a few at a time, since each takes 19 MiB and a core, so that a flood
 * of sign-ins takes neither all memory nor all threads.
 */
export class PasswordHasher {
  readonly #queue: WorkQueue

  constructor({ concurrency = CONCURRENCY, waiting = WAITING }: Partial<WorkQueueOptions> = {}) {
    this.#queue = new WorkQueue({ concurrency, waiting, rests: true })
  }

  /**
   * With a salt of its own each time, unless one is given.
   *
   * @throws {ApiError} `service_unavailable` if too many passwords wait already
   */
  hash(password: string, salt?: Uint8Array): Promise<string> {
    return this.#queue.run(() => hashPassword(password, salt))
  }

  /** @throws {ApiError} `service_unavailable` if too many passwords wait already */
  verify(password: string, hashed: string | null): Promise<boolean> {
    return this.#queue.run(() => verifyPassword(password, hashed))
  }
}
