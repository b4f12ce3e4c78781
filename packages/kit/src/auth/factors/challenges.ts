import type { Context } from '../../db/index.ts'
import type { OneTimeTokens } from '../one-time/one-time-tokens.ts'
import type { Transport } from '../permissions/principal.ts'

/** How the second step of a sign-in may be taken. */
export const SECOND_FACTOR_METHODS = ['totp', 'passkey', 'recovery_code', 'email_code'] as const

export type SecondFactorMethod = (typeof SECOND_FACTOR_METHODS)[number]

/** What a user must answer who has given their password. */
export interface Challenge {
  /** Opens the second step of this sign-in, and nothing else. */
  readonly token: string
  readonly methods: readonly SecondFactorMethod[]
  readonly expires_at: Date
}

/** A challenge that may still be answered. */
export interface OpenChallenge {
  readonly id: string
  readonly userId: string
  readonly methods: readonly SecondFactorMethod[]
  /** How the tokens will travel. */
  readonly transport: Transport
}

export interface NewChallenge {
  readonly userId: string
  readonly methods: readonly SecondFactorMethod[]
  readonly transport: Transport
}

export const CHALLENGE_MS = 5 * 60_000
const MOST_GUESSES = 5
const purpose = 'challenge'

/** What stands between the two steps of a sign-in: opaque, bound to the user, good once and for five minutes. */
export class Challenges {
  readonly #tokens: OneTimeTokens

  constructor(tokens: OneTimeTokens) {
    this.#tokens = tokens
  }

  async open(ctx: Context, { userId, methods, transport }: NewChallenge): Promise<Challenge> {
    const payload = { methods, transport }
    const expires_at = new Date(ctx.store.clock.now() + CHALLENGE_MS)
    const token = await this.#tokens.issue(ctx, { purpose, ttlMs: CHALLENGE_MS, user: userId, payload })
    return { token, methods, expires_at }
  }

  async find(ctx: Context, token: string): Promise<OpenChallenge | null> {
    const found = await this.#tokens.find(ctx, { purpose, token })
    if (found === null || found.user === null) return null
    const { methods, transport } = found.payload as unknown as NewChallenge // as: sealed by `open`
    return { id: found.id, userId: found.user, methods, transport }
  }

  /** Counts a guess; false if the challenge has had its five. */
  countGuess(ctx: Context, { id }: Pick<OpenChallenge, 'id'>): Promise<boolean> {
    return this.#tokens.countGuess(ctx, { purpose, id, most: MOST_GUESSES })
  }

  /** Uses it up; false if somebody was sooner. */
  async use(tx: Context, token: string): Promise<boolean> {
    return (await this.#tokens.use(tx, { purpose, token })) !== null
  }

  /** Makes all challenges of a user worth nothing. */
  forget(tx: Context, userId: string): Promise<void> {
    return this.#tokens.withdraw(tx, purpose, { user: userId })
  }
}
