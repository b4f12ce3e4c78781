import { ApiError, type SecretBox } from '../../base/index.ts'
import { createContext, type Store } from '../../db/index.ts'
import type { LockoutSettings } from '../../settings/index.ts'
import type { Client } from '../models/client.ts'
import { GuessCounter } from './guess-counter.ts'
import { networkOf } from './network-of.ts'

export interface EmailLimitOptions {
  readonly store: Store
  readonly box: SecretBox
  readonly settings: Pick<LockoutSettings, 'emails' | 'emailsFromAddress'>
}

/** An e-mail that somebody asks for. */
export interface AskedEmail {
  /** Who is to get it. */
  readonly email: string
  readonly client: Client
  /**
   * A kind of message that is counted by itself: others, which anybody may ask for, must not use up what an owner needs.
   * Left out: those of all other kinds count together.
   */
  readonly kind?: 'reset'
}

const HOUR_MS = 3_600_000

/**
 * Keeps endpoints that send e-mail to whoever is named (registration, reset, resend, invitation) from being used to fill
 * a mailbox or to send to many. Exact in the database, as guesses are.
 */
export class EmailLimit {
  readonly #options: EmailLimitOptions
  readonly #recipients: GuessCounter
  readonly #addresses: GuessCounter

  constructor(options: EmailLimitOptions) {
    const hourly = { windowMs: HOUR_MS, window: 'fixed', lockMs: HOUR_MS, longestLockMs: HOUR_MS } as const
    this.#options = options
    this.#recipients = new GuessCounter({ ...hourly, limit: options.settings.emails })
    this.#addresses = new GuessCounter({ ...hourly, limit: options.settings.emailsFromAddress })
  }

  /**
   * Counts an e-mail that a request asks for, and tells whether it may be sent. If not, answer as if it had been: what is
   * said to whoever asks must not tell how often others asked. Call it outside any transaction.
   *
   * @example
   * if (await auth.emailLimit.take({ email, client })) await outbox.add(ctx, { topic: 'verification_requested', payload })
   *
   * @throws {ApiError} `throttled` if too many were asked for from the address of the client
   */
  async take({ email, client, kind }: AskedEmail): Promise<boolean> {
    const { store, box } = this.#options
    const { ip, requestId, queryLog = null } = client
    const ctx = createContext(store, { actor: null, business: null, requestId, queryLog })
    if (ip !== null) {
      const taken = await this.#addresses.reserve(ctx, box.digest(networkOf(ip), 'e-mails from address'))
      if (taken.state !== 'reserved') {
        const endsAtMs = taken.state === 'locked' ? taken.untilMs : taken.windowEndsAtMs
        const seconds = Math.max(1, Math.ceil((endsAtMs - store.clock.now()) / 1000))
        throw new ApiError('throttled', { headers: { 'retry-after': String(seconds) } })
      }
    }
    const purpose = kind === undefined ? 'e-mails to' : `e-mails of ${kind} to`
    const taken = await this.#recipients.reserve(ctx, box.digest(email.toLowerCase(), purpose))
    return taken.state === 'reserved'
  }
}
