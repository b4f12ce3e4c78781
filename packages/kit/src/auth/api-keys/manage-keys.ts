import { ApiError, validationError } from '../../base/index.ts'
import { type Context, createContext, type Row, type Store, wireText } from '../../db/index.ts'
import type { ApiKeyModel } from '../models/access-models.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import type { SendNotice } from '../notices/notices.ts'
import { hasRole, type Principal, type Role } from '../permissions/principal.ts'
import type { SecurityEventKind, SecurityLog } from '../security-log/security-log.ts'
import type { RevocationRecorder } from '../sessions/revocation.ts'
import { newApiKey, newPrefix } from './api-key-text.ts'
import { scopeProblems } from './scopes.ts'

/** A row of a project's own model, which counts versions or does not. */
type ApiKeyRow = Omit<Row<ApiKeyModel>, 'version'>

export interface ManageKeysOptions {
  readonly store: Store
  readonly models: Pick<AuthModels, 'apiKey' | 'business' | 'user'>
  readonly securityLog: SecurityLog
  readonly sendNotice: SendNotice
  readonly record: RevocationRecorder
}

/** Who changes keys, in the context of their business. */
export interface KeyChange {
  readonly ctx: Context
  readonly principal: Principal
  readonly client: Client
  /** The apps that keys may be for. */
  readonly apps: readonly string[]
}

export interface KeyValues {
  readonly name: string
  readonly scopes: string[]
  readonly allowed_addresses: string[]
  /** As it is kept, or a date. */
  readonly expires_at: Date | string | null
}

export type NewKeyValues = Partial<KeyValues> & Pick<KeyValues, 'name' | 'scopes'> & { readonly role: Role }

/** A key as its maker gets it, once. */
export type ShownKey = ApiKeyRow & { readonly key: string }

const HOUR_MS = 3_600_000
const DEFAULT_OVERLAP_HOURS = 24

/** Makes, changes, renews and revokes the keys of a business. */
export class KeyManagement {
  readonly #options: ManageKeysOptions

  constructor(options: ManageKeysOptions) {
    this.#options = options
  }

  /** @throws {ApiError} `validation_failed` for a role above one's own, unknown scopes, or an end that is past */
  async create(
    change: KeyChange,
    { role, allowed_addresses = [], expires_at = null, ...rest }: NewKeyValues,
  ): Promise<ShownKey> {
    const { ctx, principal, client } = change
    if (!hasRole(principal.role, role)) throw validationError({ role: ['It is above your own.'] })
    const values = { ...rest, allowed_addresses, expires_at }
    this.#check(values, change)
    const business = businessOf(ctx)
    const prefix = newPrefix()
    const { key, hash } = newApiKey(business, prefix)
    const told = await this.#readNotice(change, business)
    const row = await ctx.transaction(async (tx) => {
      const made = await tx.query(this.#options.models.apiKey).create({ ...values, role, prefix, key_hash: hash })
      await this.#tell(tx, change, { kind: 'api_key_created', row: made })
      if (told) {
        const notice = {
          template: 'api_key_created' as const,
          to: told.user,
          client,
          values: { business: told.business, key: made.name },
        }
        await this.#options.sendNotice(tx, notice)
      }
      return made
    })
    return { ...row, key }
  }

  /** @throws {ApiError} `validation_failed`; `conflict` if the key is revoked */
  async update(change: KeyChange, row: ApiKeyRow, values: Partial<KeyValues>): Promise<void> {
    this.#check(values, change)
    await change.ctx.transaction(async (tx) => {
      const open = tx.query(this.#options.models.apiKey).filter({ id: row.id, revoked_at__isnull: true })
      if ((await open.update(values)) === 0) throw revokedError()
      await this.#tell(tx, change, { kind: 'api_key_changed', row, details: { changed: Object.keys(values) } })
    })
  }

  /**
   * Gives a key a new secret. The secret before is taken for so many hours more; the one before that is dead.
   *
   * @throws {ApiError} `conflict` if the key is revoked, or somebody else renews it at the same time
   */
  async rotate(change: KeyChange, row: ApiKeyRow, overlapHours = DEFAULT_OVERLAP_HOURS): Promise<ShownKey> {
    const { ctx } = change
    const { models, store } = this.#options
    const { key, hash } = newApiKey(businessOf(ctx), row.prefix)
    const previous =
      overlapHours === 0
        ? { previous_hash: null, previous_expires_at: null }
        : {
            previous_hash: row.key_hash,
            previous_expires_at: new Date(store.clock.now() + overlapHours * HOUR_MS),
          }
    await ctx.transaction(async (tx) => {
      const unchanged = { id: row.id, key_hash: row.key_hash, revoked_at__isnull: true }
      const renewed = await tx
        .query(models.apiKey)
        .filter(unchanged)
        .update({ key_hash: hash, ...previous })
      if (renewed === 0) throw revokedError()
      await this.#tell(tx, change, { kind: 'api_key_rotated', row, details: { overlap_hours: overlapHours } })
    })
    return { ...row, ...previous, key_hash: hash, key }
  }

  /** Takes a key back, for ever. Of one that is taken back already nothing changes. */
  async revoke(change: KeyChange, row: ApiKeyRow): Promise<void> {
    const { models, store } = this.#options
    await change.ctx.transaction(async (tx) => {
      const open = tx.query(models.apiKey).filter({ id: row.id, revoked_at__isnull: true })
      const revoked = await open.update({
        revoked_at: new Date(store.clock.now()),
        previous_hash: null,
        previous_expires_at: null,
      })
      if (revoked > 0) await this.#tell(tx, change, { kind: 'api_key_revoked', row })
    })
  }

  #check({ scopes = [], expires_at = null }: Partial<KeyValues>, { apps }: KeyChange): void {
    const wrong = scopeProblems(scopes, apps)
    const isPast = expires_at !== null && timeOf(expires_at) <= this.#options.store.clock.now()
    if (wrong.length === 0 && !isPast) return
    throw validationError({
      ...(wrong.length > 0 && { scopes: wrong }),
      ...(isPast && { expires_at: ['It must be in the future.'] }),
    })
  }

  /** Makes every node read the key anew, and writes down what was done to it. */
  async #tell(tx: Context, { principal, client }: KeyChange, { kind, row, details = {} }: Told): Promise<void> {
    const { record, securityLog } = this.#options
    // A key counts as a session of its own.
    if (kind !== 'api_key_created') await record(tx, { kind: 'session', key: row.id })
    await securityLog.record(tx, {
      kind,
      user: principal.userId,
      business: tx.business,
      session: principal.sessionId,
      client,
      details: { api_key: row.id, name: row.name, ...details },
    })
  }

  /** Read outside the business: a superuser is no member of it. */
  async #readNotice({ principal, client }: KeyChange, business: string) {
    const { store, models } = this.#options
    const { requestId, queryLog = null } = client
    const ctx = createContext(store, { actor: principal.userId, business: null, requestId, queryLog })
    const user = await ctx.query(models.user).filter({ id: principal.userId }).first()
    const place = await ctx.query(models.business).filter({ id: business }).first()
    return user && place && { user, business: place.name }
  }
}

interface Told {
  readonly kind: SecurityEventKind
  readonly row: ApiKeyRow
  readonly details?: Readonly<Record<string, number | string[]>>
}

function businessOf({ business }: Context): string {
  if (business === null) throw new ApiError('business_required')
  return business
}

function timeOf(moment: Date | string): number {
  return (typeof moment === 'string' ? new Date(wireText(moment)) : moment).getTime()
}

function revokedError(): ApiError {
  return new ApiError('conflict', { message: 'The API key is revoked, or was renewed meanwhile.' })
}
