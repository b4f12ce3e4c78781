import { ApiError, type Clock, RecentMap } from '../../base/index.ts'
import { networkOf } from '../limits/network-of.ts'

interface Misses {
  readonly sinceMs: number
  count: number
}

const MOST_MISSES = 30
const WINDOW_MS = 60_000
const MOST_NETWORKS = 10_000

/**
 * Keeps one address from having the database look for one unknown key after another. It need not be exact, as guesses of
 * passwords must: no number of guesses finds a key. So each node counts for itself, in memory.
 */
export class MissLimit {
  readonly #clock: Clock
  readonly #misses = new RecentMap<string, Misses>(MOST_NETWORKS)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @throws {ApiError} `throttled` if the address has had too many misses within a minute */
  assertBelow(ip: string | null): void {
    const misses = this.#present(ip)
    if (misses === null || misses.count < MOST_MISSES) return
    const seconds = Math.ceil((misses.sinceMs + WINDOW_MS - this.#clock.now()) / 1000)
    throw new ApiError('throttled', { headers: { 'retry-after': String(Math.max(1, seconds)) } })
  }

  add(ip: string | null): void {
    if (ip === null) return
    const misses = this.#present(ip)
    if (misses === null) this.#misses.set(networkOf(ip), { sinceMs: this.#clock.now(), count: 1 })
    else misses.count += 1
  }

  #present(ip: string | null): Misses | null {
    const misses = ip === null ? undefined : this.#misses.get(networkOf(ip))
    const ageMs = this.#clock.now() - (misses?.sinceMs ?? 0)
    return misses !== undefined && ageMs >= 0 && ageMs < WINDOW_MS ? misses : null
  }
}
