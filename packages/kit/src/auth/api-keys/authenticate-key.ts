import { timingSafeEqual } from 'node:crypto'
import { ApiError, RecentMap } from '../../base/index.ts'
import { createContext } from '../../db/index.ts'
import type { Client } from '../models/client.ts'
import type { Principal } from '../permissions/principal.ts'
import { readApiKey } from './api-key-text.ts'
import type { KeyMemory } from './key-memory.ts'
import { findLiveKey, type LiveKey, type LiveKeyOptions } from './live-key.ts'
import { MissLimit } from './miss-limit.ts'

export interface KeyAuthenticationOptions extends LiveKeyOptions {
  readonly memory: KeyMemory
  /** Settles when everything that was revoked half a second ago is known. */
  readonly catchUp: () => Promise<void>
}

const WRITE_USE_EVERY_MS = 5 * 60_000
const MOST_REMEMBERED = 10_000

/** Tells who calls with a key. */
export class KeyAuthentication {
  readonly #options: KeyAuthenticationOptions
  readonly #misses: MissLimit
  readonly #usedAtMs = new RecentMap<string, number>(MOST_REMEMBERED)

  constructor(options: KeyAuthenticationOptions) {
    this.#options = options
    this.#misses = new MissLimit(options.store.clock)
  }

  async authenticate(text: string, client: Client): Promise<Principal> {
    const given = readApiKey(text)
    if (given === null) throw new ApiError('token_not_valid')
    const { memory, catchUp } = this.#options
    await catchUp()
    const live = await memory.find(`${given.business} ${given.prefix}`, async () => {
      this.#misses.assertBelow(client.ip)
      const found = await findLiveKey(given, this.#options, client)
      if (found === null) this.#misses.add(client.ip)
      return found
    })
    if (live === null || !this.#isTaken(live, given.hash)) throw new ApiError('token_not_valid')
    if (!live.isAllowedFrom(client.ip)) {
      throw new ApiError('permission_denied', { message: 'The API key is not allowed from this address.' })
    }
    await this.#noteUse(live.principal, client)
    return live.principal
  }

  #isTaken({ hash, expiresAtMs, previous }: LiveKey, given: string): boolean {
    const nowMs = this.#options.store.clock.now()
    if (expiresAtMs !== null && expiresAtMs <= nowMs) return false
    if (isSame(hash, given)) return true
    return previous !== null && nowMs < previous.expiresAtMs && isSame(previous.hash, given)
  }

  /** Now and then, so that reading does not become writing. */
  async #noteUse({ userId: id, business }: Principal, { ip, requestId, queryLog = null }: Client): Promise<void> {
    const { store, models } = this.#options
    const nowMs = store.clock.now()
    const ageMs = nowMs - (this.#usedAtMs.get(id) ?? Number.NEGATIVE_INFINITY)
    if (ageMs >= 0 && ageMs < WRITE_USE_EVERY_MS) return
    this.#usedAtMs.set(id, nowMs)
    const ctx = createContext(store, { actor: id, business, requestId, queryLog })
    const used = { last_used_at: new Date(nowMs), last_used_ip: ip?.slice(0, 45) ?? null }
    await ctx.query(models.apiKey).filter({ id }).update(used)
  }
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
