import { type Context, f, q, type Row } from '../../db/index.ts'
import { AttemptCounter } from './attempt-counter.ts'

export interface CounterRules {
  /** Guesses in a window, those included that are still being evaluated. */
  readonly limit: number
  readonly windowMs: number
  /**
   * `quiet`: guesses count until a window has passed without any. `fixed`: the window ends its length after its first
   * guess, whatever follows.
   */
  readonly window: 'quiet' | 'fixed'
  /** How long the first lock lasts; each that follows lasts twice as long. */
  readonly lockMs: number
  readonly longestLockMs: number
}

/** One guess that may be made. Until it is settled it counts as one. */
export interface Reservation {
  readonly key: string
  readonly windowStartedAt: Date
}

export type Reserved =
  | { readonly state: 'reserved'; readonly reservation: Reservation }
  | { readonly state: 'locked'; readonly untilMs: number }
  /** Guesses that are not settled yet fill the limit. */
  | { readonly state: 'full'; readonly windowEndsAtMs: number }
  /** The limit is reached by guesses that failed: now it must be locked. */
  | { readonly state: 'due'; readonly windowEndsAtMs: number }

type Counter = Row<typeof AttemptCounter>

/** A guess that was not settled by then never will be: its process is gone. It counts as failed. */
const LONGEST_GUESS_MS = 60_000
const MOST_TRIES = 20

/**
 * Counts guesses in the database, exactly, whatever number of processes count at once: a guess is reserved before it is
 * evaluated, by one statement that finds the counter below its limit and raises it. What is read before only chooses that
 * statement, and repeats itself in its conditions; if another process was sooner, the statement changes nothing.
 */
export class GuessCounter {
  readonly #rules: CounterRules

  constructor(rules: CounterRules) {
    this.#rules = rules
  }

  async reserve(ctx: Context, key: string): Promise<Reserved> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const now = new Date(ctx.store.clock.now())
      const counter = await ctx.query(AttemptCounter).filter({ key }).first()
      const reserved = counter === null ? await this.#open(ctx, key, now) : await this.#take(ctx, counter, now)
      if (reserved !== null) return reserved
    }
    return { state: 'full', windowEndsAtMs: ctx.store.clock.now() }
  }

  /** Settles a guess that was not evaluated, or that does not count. */
  async release(ctx: Context, { key, windowStartedAt }: Reservation): Promise<void> {
    await ctx
      .query(AttemptCounter)
      .filter({ key, window_started_at: windowStartedAt, attempts__gt: 0 })
      .update({ attempts: f('attempts').minus(1) })
  }

  /** Settles a guess that was wrong, and tells whether a lock is due. */
  async fail(ctx: Context, { key, windowStartedAt }: Reservation): Promise<boolean> {
    const now = new Date(ctx.store.clock.now())
    await ctx
      .query(AttemptCounter)
      .filter({ key, window_started_at: windowStartedAt })
      .update({ failures: f('failures').plus(1), updated_at: now })
    const counter = await ctx.query(AttemptCounter).filter({ key }).first()
    return counter !== null && this.#isDue(counter, now)
  }

  /** Locks, if that is due; null if not, or another process was sooner. */
  async lock(ctx: Context, key: string): Promise<Date | null> {
    const now = new Date(ctx.store.clock.now())
    const counter = await ctx.query(AttemptCounter).filter({ key }).first()
    if (counter === null || !this.#isDue(counter, now)) return null
    const { lockMs, longestLockMs } = this.#rules
    const locked_until = new Date(now.getTime() + Math.min(lockMs * 2 ** counter.locks, longestLockMs))
    const locked = await this.#unchanged(ctx, counter).update({
      locked_until,
      locks: counter.locks + 1,
      attempts: 0,
      failures: 0,
      window_started_at: now,
      updated_at: now,
    })
    return locked === 1 ? locked_until : null
  }

  /** Forgets all guesses, and unlocks. */
  clear(ctx: Context, key: string): Promise<void> {
    return clearCounter(ctx, key)
  }

  async lockedUntil(ctx: Context, key: string): Promise<Date | null> {
    const now = new Date(ctx.store.clock.now())
    const counter = await ctx.query(AttemptCounter).filter({ key, locked_until__gt: now }).first()
    return counter?.locked_until ?? null
  }

  async #open(ctx: Context, key: string, now: Date): Promise<Reserved | null> {
    const counter = { key, attempts: 1, window_started_at: now, updated_at: now }
    const made = await ctx.query(AttemptCounter).bulkCreate([counter], { ignoreConflicts: true })
    return made.length === 1 ? reserved(key, now) : null
  }

  async #take(ctx: Context, counter: Counter, now: Date): Promise<Reserved | null> {
    const { limit } = this.#rules
    if (counter.locked_until !== null && counter.locked_until > now) {
      return { state: 'locked', untilMs: counter.locked_until.getTime() }
    }
    const windowEndsAtMs = this.#windowEndMs(counter)
    if (windowEndsAtMs <= now.getTime()) return this.#renew(ctx, counter, now)
    if (this.#isDue(counter, now)) return { state: 'due', windowEndsAtMs }
    if (counter.attempts >= limit) return { state: 'full', windowEndsAtMs }
    const taken = await ctx
      .query(AttemptCounter)
      .filter(
        { key: counter.key, window_started_at: counter.window_started_at, attempts__lt: limit },
        q.or({ locked_until__isnull: true }, { locked_until__lte: now }),
      )
      .update({ attempts: f('attempts').plus(1), updated_at: now })
    return taken === 1 ? reserved(counter.key, counter.window_started_at) : null
  }

  /** Begins a window. After a long quiet the next lock is as short as the first. */
  async #renew(ctx: Context, counter: Counter, now: Date): Promise<Reserved | null> {
    const quietMs = now.getTime() - (counter.locked_until?.getTime() ?? 0)
    const renewed = await this.#unchanged(ctx, counter).update({
      attempts: 1,
      failures: 0,
      locks: quietMs > this.#rules.longestLockMs ? 0 : counter.locks,
      window_started_at: now,
      updated_at: now,
    })
    return renewed === 1 ? reserved(counter.key, now) : null
  }

  #isDue({ attempts, failures, updated_at }: Counter, now: Date): boolean {
    const { limit } = this.#rules
    return failures >= limit || (attempts >= limit && now.getTime() - updated_at.getTime() > LONGEST_GUESS_MS)
  }

  #windowEndMs({ window_started_at, updated_at }: Counter): number {
    const { window, windowMs } = this.#rules
    return (window === 'quiet' ? updated_at : window_started_at).getTime() + windowMs
  }

  #unchanged(ctx: Context, { key, attempts, failures, locks, window_started_at, updated_at }: Counter) {
    return ctx.query(AttemptCounter).filter({ key, attempts, failures, locks, window_started_at, updated_at })
  }
}

function reserved(key: string, windowStartedAt: Date): Reserved {
  return { state: 'reserved', reservation: { key, windowStartedAt } }
}

/** Forgets what was counted, and the locks that came of it. */
export async function clearCounter(ctx: Context, key: string): Promise<void> {
  const now = new Date(ctx.store.clock.now())
  await ctx
    .query(AttemptCounter)
    .filter({ key })
    .update({ attempts: 0, failures: 0, locks: 0, locked_until: null, window_started_at: now, updated_at: now })
}
