import { randomInt } from 'node:crypto'
import type { Context } from '../../db/index.ts'
import type { OneTimeTokens } from '../one-time/one-time-tokens.ts'

const DIGITS = 6
const EMAIL_CODE_MS = 10 * 60_000
const MOST_GUESSES = 5
const purpose = 'email_code'

/** Codes of six digits that are sent by e-mail, in place of a second factor. Of each user only the last is good, once. */
export class EmailCodes {
  readonly #tokens: OneTimeTokens

  constructor(tokens: OneTimeTokens) {
    this.#tokens = tokens
  }

  async issue(tx: Context, userId: string): Promise<string> {
    // Removed, and not only withdrawn: with so few codes the same may come again, and its digest is unique.
    await this.#tokens.remove(tx, purpose, { user: userId })
    const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0')
    await this.#tokens.issue(tx, { purpose, ttlMs: EMAIL_CODE_MS, user: userId, token: ownCode(userId, code) })
    return code
  }

  /** Counts a guess at the code of a user; false if it has had its five, or there is none. */
  countGuess(ctx: Context, userId: string): Promise<boolean> {
    return this.#tokens.countGuess(ctx, { purpose, user: userId, most: MOST_GUESSES })
  }

  async use(tx: Context, userId: string, code: string): Promise<boolean> {
    return (await this.#tokens.use(tx, { purpose, token: ownCode(userId, code) })) !== null
  }

  forget(tx: Context, userId: string): Promise<void> {
    return this.#tokens.withdraw(tx, purpose, { user: userId })
  }
}

const ownCode = (userId: string, code: string): string => `${userId}:${code}`
