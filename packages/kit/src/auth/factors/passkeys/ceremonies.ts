import type { SecretBox } from '../../../base/index.ts'
import type { Context } from '../../../db/index.ts'
import type { OneTimeTokens } from '../../one-time/one-time-tokens.ts'
import { SignedChallenges } from './signed-challenges.ts'

/** What a challenge is for: an answer to one is worth nothing for another. */
export type Ceremony = 'registration' | 'second_factor' | 'login' | 'reauthentication'

export interface CeremonySubject {
  readonly ceremony: Ceremony
  /** Null: nobody is known yet, as the passkey itself is to tell. */
  readonly user: string | null
}

/** How long the browser and the user have. */
export const CEREMONY_MS = 5 * 60_000

const purpose = 'passkey'

/**
 * The challenges that authenticators sign: each is good once, for five minutes, one user and one ceremony. Those of nobody
 * in particular are known by their signature, and take no row before they are used.
 */
export class Ceremonies {
  readonly #tokens: OneTimeTokens
  readonly #signed: SignedChallenges

  constructor({ tokens, box }: { readonly tokens: OneTimeTokens; readonly box: SecretBox }) {
    this.#tokens = tokens
    this.#signed = new SignedChallenges(box)
  }

  /** A new challenge, of 32 random bytes at the least, in base64url. */
  async begin(ctx: Context, { ceremony, user }: CeremonySubject): Promise<string> {
    if (user === null) return this.#signed.issue(ceremony, ctx.store.clock.now() + CEREMONY_MS)
    return this.#tokens.issue(ctx, { purpose, ttlMs: CEREMONY_MS, user, payload: { ceremony } })
  }

  /** Whether a challenge is still good, and of this ceremony and user. */
  async isOpen(ctx: Context, token: string, { ceremony, user }: CeremonySubject): Promise<boolean> {
    if (user === null) {
      const isGood = this.#signed.isGood(token, ceremony, ctx.store.clock.now())
      return isGood && !(await this.#tokens.isSpent(ctx, { purpose, token }))
    }
    const found = await this.#tokens.find(ctx, { purpose, token })
    return found !== null && found.user === user && ceremonyOf(found.payload) === ceremony
  }

  /** Uses a challenge up. False if it is not good, or somebody was sooner. */
  async end(ctx: Context, token: string, subject: CeremonySubject): Promise<boolean> {
    if (!(await this.isOpen(ctx, token, subject))) return false
    if (subject.user === null) return this.#tokens.spend(ctx, { purpose, token, ttlMs: CEREMONY_MS })
    return (await this.#tokens.use(ctx, { purpose, token })) !== null
  }
}

function ceremonyOf(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'ceremony' in payload ? payload.ceremony : null
}
