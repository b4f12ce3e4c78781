import { ApiError, type SecretBox } from '../../base/index.ts'
import { type Context, createContext, type Store } from '../../db/index.ts'
import type { Outbox } from '../../mail/index.ts'
import type { LockoutSettings } from '../../settings/index.ts'
import { type Client, clientColumns } from '../models/client.ts'
import type { UserModel } from '../models/user-models.ts'
import { WorkQueue } from '../passwords/work-queue.ts'
import type { SecurityLog } from '../security-log/security-log.ts'
import { AttemptCounter } from './attempt-counter.ts'
import { clearCounter, GuessCounter, type Reservation } from './guess-counter.ts'
import { networkOf } from './network-of.ts'

export interface LockoutOptions {
  readonly store: Store
  readonly box: SecretBox
  readonly user: UserModel
  readonly securityLog: SecurityLog
  readonly outbox: Outbox
  readonly settings: LockoutSettings
  /** How many guesses a process works on at the same time, and how many wait for that. */
  readonly queue?: WorkQueue
}

export interface Guess<Result> {
  /** The e-mail address that the guess is about, whether an account has it or not. */
  readonly account: string
  readonly client: Client
  /** The trusted device it comes from, which must have been verified to be one of that account's. */
  readonly deviceId?: string | null
  /**
   * Whether a right guess leaves nothing more to prove. Say no for a password that a second factor must follow:
   * otherwise whoever has the password could clear the count of guessed codes by giving it again. Left out: always.
   */
  readonly isLast?: (result: Result) => boolean
}

/** Evaluates a guess: null, if it is wrong. */
export type Evaluate<Result> = (evaluated: (isRight: boolean) => void) => Promise<Result | null>

/** What the outbox keeps of a lock, so that the owner is told: the same, whether there is an owner or not. */
export type AccountLocked = {
  readonly email: string
  readonly until: string
  readonly at: string
  readonly ip: string | null
  readonly userAgent: string | null
}

/** An address is many people's: it is never locked for longer. */
const LONGEST_ADDRESS_LOCK_MS = 3_600_000
/** Few, so that a flood of guesses leaves connections to the database for everything else. */
const AT_A_TIME = 5
const WAITING = 64
const PRUNE_EVERY_MS = 3_600_000

/** Keeps people from guessing secrets: counts wrong guesses at each account and from each address, and locks. */
export class Lockout {
  readonly #options: LockoutOptions
  readonly #accounts: GuessCounter
  readonly #addresses: GuessCounter
  readonly #queue: WorkQueue
  #prunedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: LockoutOptions) {
    const { failures, addressFailures, windowMs, lockMs, longestLockMs } = options.settings
    this.#options = options
    this.#queue = options.queue ?? new WorkQueue({ concurrency: AT_A_TIME, waiting: WAITING })
    this.#accounts = new GuessCounter({ limit: failures, windowMs, window: 'quiet', lockMs, longestLockMs })
    this.#addresses = new GuessCounter({
      limit: addressFailures,
      windowMs,
      window: 'fixed',
      lockMs,
      longestLockMs: Math.min(longestLockMs, LONGEST_ADDRESS_LOCK_MS),
    })
  }

  /**
   * Lets `guess` run if the account and the address have guesses left. It gives null for a wrong one, which counts, and
   * what it throws is thrown on: a refusal by a 4xx counts as wrong, anything else as no guess at all. A guess that goes
   * on to use the database must call `evaluated` first: otherwise wrong guesses would be free while the database is
   * overloaded. Call it outside any transaction: what it counts must stand, whatever is rolled back.
   *
   * A right guess clears the count of the account (or of the trusted device), never that of the address. A trusted device
   * has a count of its own, and neither that of the account nor that of the address keeps it out.
   *
   * @throws {ApiError} `account_locked`; `throttled` if the address is locked, or other guesses are still being evaluated;
   *   `service_unavailable`, before the database is asked for anything, if too many guesses wait in this process
   */
  guard<Result>(subject: Guess<Result>, guess: Evaluate<Result>): Promise<Result | null> {
    return this.#queue.run(() => this.#evaluate(subject, guess))
  }

  async #evaluate<Result>(subject: Guess<Result>, guess: Evaluate<Result>): Promise<Result | null> {
    const ctx = this.#context(subject.client)
    const reservation = await this.#reserve(ctx, subject)
    let result: Result | null
    let isWrong: boolean | undefined
    try {
      result = await guess((isRight) => {
        isWrong = !isRight
      })
    } catch (error) {
      if (isWrong ?? isRefusal(error)) await this.#fail(ctx, subject, reservation)
      else await this.#release(ctx, reservation)
      throw error
    }
    if (result === null) await this.#fail(ctx, subject, reservation)
    else if (subject.isLast?.(result) ?? true) await this.#succeed(ctx, reservation)
    else await this.#release(ctx, reservation)
    return result
  }

  /** Unlocks an account and forgets what was guessed at it: after a verified reset, or by an admin. */
  async clear(ctx: Context, account: string): Promise<void> {
    await this.#accounts.clear(ctx, this.#accountKey(account))
  }

  /** Until when an account is locked; null if it is not. */
  lockedUntil(ctx: Context, account: string): Promise<Date | null> {
    return this.#accounts.lockedUntil(ctx, this.#accountKey(account))
  }

  /** Removes counters that mean nothing any more, and tells how many. */
  flushExpired(ctx: Context): Promise<number> {
    return flushAttempts(ctx, this.#options.settings)
  }

  async #reserve(ctx: Context, { account, client, deviceId = null }: Guess<never>): Promise<Reserved> {
    await this.#prune(ctx)
    if (deviceId !== null) {
      return { account: await this.#reserveAccount(ctx, { key: this.#deviceKey(account, deviceId), account, client }) }
    }
    const key = this.#accountKey(account)
    const addressKey = client.ip === null ? null : this.#addressKey(client.ip)
    // First of all: an address that is locked must not have a counter made for every account that it names.
    if (addressKey !== null) await this.#assertNotLocked(ctx, addressKey)
    const reservation = await this.#reserveAccount(ctx, { key, account, client })
    if (addressKey === null) return { account: reservation }
    try {
      return { account: reservation, address: await this.#reserveAddress(ctx, addressKey) }
    } catch (error) {
      await this.#accounts.release(ctx, reservation)
      throw error
    }
  }

  async #reserveAccount(ctx: Context, { key, account, client }: Locked): Promise<Reservation> {
    const reserved = await this.#accounts.reserve(ctx, key)
    switch (reserved.state) {
      case 'reserved':
        return reserved.reservation
      case 'full':
        throw throttled(1)
      case 'locked':
        throw new ApiError('account_locked', { headers: retryAfter(reserved.untilMs - ctx.store.clock.now()) })
      case 'due':
        await this.#lockAccount(ctx, { key, account, client })
        return this.#reserveAccount(ctx, { key, account, client })
    }
  }

  async #assertNotLocked(ctx: Context, addressKey: string): Promise<void> {
    const until = await this.#addresses.lockedUntil(ctx, addressKey)
    if (until !== null) throw throttled(Math.ceil((until.getTime() - ctx.store.clock.now()) / 1000))
  }

  async #reserveAddress(ctx: Context, key: string): Promise<Reservation> {
    const reserved = await this.#addresses.reserve(ctx, key)
    switch (reserved.state) {
      case 'reserved':
        return reserved.reservation
      case 'full':
        throw throttled(1)
      case 'locked':
        throw throttled(Math.ceil((reserved.untilMs - ctx.store.clock.now()) / 1000))
      case 'due':
        await this.#addresses.lock(ctx, key)
        return this.#reserveAddress(ctx, key)
    }
  }

  async #release(ctx: Context, { account, address }: Reserved): Promise<void> {
    await this.#accounts.release(ctx, account)
    if (address) await this.#addresses.release(ctx, address)
  }

  async #succeed(ctx: Context, { account, address }: Reserved): Promise<void> {
    await this.#accounts.clear(ctx, account.key)
    if (address) await this.#addresses.release(ctx, address)
  }

  async #fail(ctx: Context, { account, client }: Guess<never>, reserved: Reserved): Promise<void> {
    const { key } = reserved.account
    if (await this.#accounts.fail(ctx, reserved.account)) await this.#lockAccount(ctx, { key, account, client })
    if (reserved.address === undefined) return
    if (await this.#addresses.fail(ctx, reserved.address)) await this.#addresses.lock(ctx, reserved.address.key)
  }

  /** Locks, and tells of it: whether there is such an account or not, the same is read and the same is written. */
  async #lockAccount(ctx: Context, { key, account, client }: Locked): Promise<void> {
    const { user, securityLog, outbox } = this.#options
    await ctx.transaction(async (tx) => {
      const until = await this.#accounts.lock(tx, key)
      if (until === null) return
      const email = account.toLowerCase()
      const owner = await tx.query(user).filter({ email }).first()
      const details = { until: until.toISOString() }
      await securityLog.record(tx, { kind: 'account_locked', user: owner?.id ?? null, client, details })
      const { ip, user_agent: userAgent } = clientColumns(client)
      const at = new Date(tx.store.clock.now()).toISOString()
      const payload: AccountLocked = { email, ...details, at, ip, userAgent }
      await outbox.add(tx, { topic: 'account_locked', payload })
    })
  }

  /** Now and then, so that counters of addresses long gone do not pile up. */
  async #prune(ctx: Context): Promise<void> {
    const nowMs = ctx.store.clock.now()
    if (nowMs - this.#prunedAtMs < PRUNE_EVERY_MS) return
    this.#prunedAtMs = nowMs
    await this.flushExpired(ctx)
  }

  #context({ requestId, queryLog = null }: Client): Context {
    return createContext(this.#options.store, { actor: null, business: null, requestId, queryLog })
  }

  #accountKey(account: string): string {
    return accountKey(this.#options.box, account)
  }

  #deviceKey(account: string, deviceId: string): string {
    return this.#options.box.digest(`${deviceId} ${account.toLowerCase()}`, 'guesses of device')
  }

  #addressKey(ip: string): string {
    return this.#options.box.digest(networkOf(ip), 'guesses from address')
  }
}

/** Unlocks an account where there is no server, as a command does. The box has the keys of the servers. */
export function unlockAccount(
  ctx: Context,
  { box, account }: { readonly box: SecretBox; readonly account: string },
): Promise<void> {
  return clearCounter(ctx, accountKey(box, account))
}

function accountKey(box: SecretBox, account: string): string {
  return box.digest(account.toLowerCase(), 'guesses at account')
}

/** Removes counters that mean nothing any more, and tells how many. */
export function flushAttempts(
  ctx: Context,
  { windowMs, longestLockMs }: Pick<LockoutSettings, 'windowMs' | 'longestLockMs'>,
): Promise<number> {
  const old = new Date(ctx.store.clock.now() - windowMs - 2 * longestLockMs)
  return ctx.query(AttemptCounter).filter({ updated_at__lt: old }).delete()
}

interface Reserved {
  readonly account: Reservation
  readonly address?: Reservation
}

interface Locked {
  readonly key: string
  readonly account: string
  readonly client: Client
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status < 500 && error.status !== 429
}

function throttled(seconds: number): ApiError {
  return new ApiError('throttled', { headers: { 'retry-after': String(Math.max(1, seconds)) } })
}

function retryAfter(ms: number): Readonly<Record<string, string>> {
  return { 'retry-after': String(Math.max(1, Math.ceil(ms / 1000))) }
}
