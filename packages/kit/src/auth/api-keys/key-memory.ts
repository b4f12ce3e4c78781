import { type Clock, RecentMap } from '../../base/index.ts'
import type { Revoked } from '../sessions/revocation.ts'
import type { LiveKey } from './live-key.ts'

interface Remembered {
  /** Null: there is none, or it is revoked. */
  readonly key: LiveKey | null
  readonly readAtMs: number
}

const MOST_KEYS = 10_000
const LONGEST_MS = 60_000

/** What this node remembers of keys, for a minute at the most. What is told of a key is told as of a session with its id. */
export class KeyMemory {
  readonly #clock: Clock
  readonly #remembered = new RecentMap<string, Remembered>(MOST_KEYS)
  #generation = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A key by its place, from memory or by `read`; null if there is none that is taken. */
  async find(place: string, read: () => Promise<LiveKey | null>): Promise<LiveKey | null> {
    const nowMs = this.#clock.now()
    const known = this.#remembered.get(place)
    if (known !== undefined && isFresh(known, nowMs)) return known.key
    const generation = this.#generation
    const key = await read()
    // What was read may be of before a revocation that has come meanwhile.
    if (generation === this.#generation) this.#remembered.set(place, { key, readAtMs: nowMs })
    return key
  }

  forget({ kind, key }: Revoked): void {
    this.#generation += 1
    const isMeant = ({ principal }: LiveKey): boolean =>
      kind === 'business' ? principal.business === key : principal.sessionId === key
    // Of a key that is not there nothing tells whose it is.
    this.#remembered.deleteWhere(({ key: known }) => known === null || isMeant(known))
  }

  forgetAll(): void {
    this.#generation += 1
    this.#remembered.clear()
  }
}

function isFresh({ readAtMs }: Remembered, nowMs: number): boolean {
  const ageMs = nowMs - readAtMs
  return ageMs >= 0 && ageMs < LONGEST_MS
}
