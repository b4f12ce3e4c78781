import type { Context } from '../../../db/index.ts'
import type { OneTimeTokens } from '../../one-time/one-time-tokens.ts'

/** What a challenge is for: an answer to one is worth nothing for another. */
export type Ceremony = 'registration' | 'second_factor' | 'login' | 'reauthentication'

export interface CeremonySubject {
  readonly ceremony: Ceremony
  /** Null: nobody is known yet, as the passkey itself is to tell. */
  readonly user: string | null
}

/** How long the browser and the user have. */
export const CEREMONY_MS = 5 * 60_000

/** The challenges that authenticators sign: each is good once, for five minutes, one user and one ceremony. */
export class Ceremonies {
  readonly #tokens: OneTimeTokens

  constructor(tokens: OneTimeTokens) {
    this.#tokens = tokens
  }

  /** A new challenge: 32 random bytes in base64url. */
  begin(ctx: Context, { ceremony, user }: CeremonySubject): Promise<string> {
    return this.#tokens.issue(ctx, { purpose: 'passkey', ttlMs: CEREMONY_MS, user, payload: { ceremony } })
  }

  /** Whether a challenge is still good, and of this ceremony and user. */
  async isOpen(ctx: Context, challenge: string, { ceremony, user }: CeremonySubject): Promise<boolean> {
    const found = await this.#tokens.find(ctx, { purpose: 'passkey', token: challenge })
    return found !== null && found.user === user && ceremonyOf(found.payload) === ceremony
  }

  /** Uses a challenge up. False if it is not good, or somebody was sooner. */
  async end(ctx: Context, challenge: string, subject: CeremonySubject): Promise<boolean> {
    if (!(await this.isOpen(ctx, challenge, subject))) return false
    return (await this.#tokens.use(ctx, { purpose: 'passkey', token: challenge })) !== null
  }
}

function ceremonyOf(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'ceremony' in payload ? payload.ceremony : null
}
