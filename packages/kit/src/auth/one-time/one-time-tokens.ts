import { randomBytes } from 'node:crypto'
import type { SecretBox } from '../../base/index.ts'
import { type Context, f, type Json, type Row } from '../../db/index.ts'
import type { ONE_TIME_PURPOSES, OneTimeTokenModel } from '../models/account-models.ts'

export type OneTimePurpose = (typeof ONE_TIME_PURPOSES)[number]

export interface NewOneTimeToken {
  readonly purpose: OneTimePurpose
  readonly ttlMs: number
  readonly user?: string | null
  /** A digest of whom or what it is about, by which others of its kind are withdrawn. */
  readonly subject?: string | null
  /** What is needed when it is used. It is sealed. */
  readonly payload?: Json
  /** The token itself, for a code that people type; left out, 32 random bytes. Codes must be unique among what is kept: prefix them by whose they are. */
  readonly token?: string
}

/** What a token was good for. */
export interface UsedToken {
  readonly id: string
  readonly user: string | null
  readonly payload: Json
}

const TOKEN_BYTES = 32

/** Links, codes and challenges that are good once, however many bring them at the same time. Kept as digests. */
export class OneTimeTokens {
  readonly #model: OneTimeTokenModel
  readonly #box: SecretBox

  constructor({ model, box }: { readonly model: OneTimeTokenModel; readonly box: SecretBox }) {
    this.#model = model
    this.#box = box
  }

  /** Makes a token, and gives it: it can never be read again. */
  async issue(ctx: Context, { purpose, ttlMs, token = randomToken(), ...rest }: NewOneTimeToken): Promise<string> {
    const nowMs = ctx.store.clock.now()
    await ctx.query(this.#model).create({
      purpose,
      token_hash: this.#digest(purpose, token),
      user: rest.user ?? null,
      subject: rest.subject ?? null,
      payload_sealed: rest.payload === undefined ? null : this.#box.seal(JSON.stringify(rest.payload), purpose),
      created_at: new Date(nowMs),
      expires_at: new Date(nowMs + ttlMs),
    })
    return token
  }

  /** Looks at a token that is still good, without using it; or null. */
  async find(ctx: Context, { purpose, token }: PresentedToken): Promise<UsedToken | null> {
    return this.#opened(await this.#good(ctx, { purpose, token }).first(), purpose)
  }

  /** All that are still good of a purpose and a subject, without using them. */
  async findAll(
    ctx: Context,
    { purpose, subject }: { readonly purpose: OneTimePurpose; readonly subject: string },
  ): Promise<UsedToken[]> {
    const good = { purpose, subject, used_at__isnull: true, expires_at__gt: new Date(ctx.store.clock.now()) }
    const rows = await ctx.query(this.#model).filter(good).all()
    return rows.flatMap((row) => this.#opened(row, purpose) ?? [])
  }

  /** The last that was made about a subject and is still good, without using it; or null. */
  async findNewest(
    ctx: Context,
    { purpose, subject }: { readonly purpose: OneTimePurpose; readonly subject: string },
  ): Promise<UsedToken | null> {
    const good = { purpose, subject, used_at__isnull: true, expires_at__gt: new Date(ctx.store.clock.now()) }
    return this.#opened(await ctx.query(this.#model).filter(good).orderBy('-created_at').first(), purpose)
  }

  /** Uses a token up. Null if it is unknown, expired, or somebody was sooner. */
  async use(ctx: Context, presented: PresentedToken): Promise<UsedToken | null> {
    const found = await this.find(ctx, presented)
    return found !== null && (await this.useUp(ctx, found)) ? found : null
  }

  /** Uses a token up that was found: false if somebody was sooner. */
  async useUp(ctx: Context, { id }: Pick<UsedToken, 'id'>): Promise<boolean> {
    const used_at = new Date(ctx.store.clock.now())
    return (await ctx.query(this.#model).filter({ id, used_at__isnull: true }).update({ used_at })) === 1
  }

  /**
   * Takes down the use of a token that was never kept, as the server knows it by its signature. False if it was used
   * before.
   */
  async spend(ctx: Context, { purpose, token, ttlMs }: PresentedToken & { readonly ttlMs: number }): Promise<boolean> {
    if (await this.isSpent(ctx, { purpose, token })) return false
    const now = new Date(ctx.store.clock.now())
    const expires_at = new Date(now.getTime() + ttlMs)
    const spent = { purpose, token_hash: this.#digest(purpose, token), created_at: now, expires_at, used_at: now }
    return (await ctx.query(this.#model).bulkCreate([spent], { ignoreConflicts: true })).length === 1
  }

  isSpent(ctx: Context, { purpose, token }: PresentedToken): Promise<boolean> {
    return ctx
      .query(this.#model)
      .filter({ purpose, token_hash__in: this.#box.digests(token, purpose) })
      .exists()
  }

  /**
   * Counts a guess at what is still good of a purpose; false if it has had `most` already, and then nothing is to be
   * evaluated. Call it outside a transaction that may be rolled back.
   */
  async countGuess(
    ctx: Context,
    { purpose, most, ...whose }: { purpose: OneTimePurpose; most: number } & ({ id: string } | { user: string }),
  ): Promise<boolean> {
    const open = ctx.query(this.#model).filter({ purpose, used_at__isnull: true, attempts__lt: most, ...whose })
    return (await open.update({ attempts: f('attempts').plus(1) })) > 0
  }

  /** Makes what is still good of a purpose worth nothing: of a user, or about a subject. */
  async withdraw(ctx: Context, purpose: OneTimePurpose, whose: { user: string } | { subject: string }): Promise<void> {
    const used_at = new Date(ctx.store.clock.now())
    await ctx
      .query(this.#model)
      .filter({ purpose, used_at__isnull: true, ...whose })
      .update({ used_at })
  }

  /** Removes what there is of a purpose, used or not. */
  async remove(ctx: Context, purpose: OneTimePurpose, whose: { user: string } | { subject: string }): Promise<void> {
    await ctx
      .query(this.#model)
      .filter({ purpose, ...whose })
      .delete()
  }

  /** Removes tokens that can never be used again, and tells how many. */
  flushExpired(ctx: Context): Promise<number> {
    return ctx
      .query(this.#model)
      .filter({ expires_at__lt: new Date(ctx.store.clock.now()) })
      .delete()
  }

  #good(ctx: Context, { purpose, token }: PresentedToken) {
    return ctx.query(this.#model).filter({
      purpose,
      token_hash__in: this.#box.digests(token, purpose),
      used_at__isnull: true,
      expires_at__gt: new Date(ctx.store.clock.now()),
    })
  }

  #opened(row: Row<OneTimeTokenModel> | null, purpose: OneTimePurpose): UsedToken | null {
    if (row === null) return null
    const payload: Json = row.payload_sealed === null ? null : JSON.parse(this.#box.open(row.payload_sealed, purpose))
    return { id: row.id, user: row.user, payload }
  }

  #digest(purpose: OneTimePurpose, token: string): string {
    return this.#box.digest(token, purpose)
  }
}

export interface PresentedToken {
  readonly purpose: OneTimePurpose
  readonly token: string
}

function randomToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}
