import { createContext, type Row, type Store } from '../../db/index.ts'
import type { ApiKeyModel } from '../models/access-models.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import { PLAIN_SIGN_IN, type Principal } from '../permissions/principal.ts'
import { type AddressCheck, addressCheck } from './address-list.ts'

/** A key that is taken, as the database has it. */
export interface LiveKey {
  readonly principal: Principal
  readonly hash: string
  /** When the key ends; null: it does not. */
  readonly expiresAtMs: number | null
  /** The key before the last rotation, and until when it is taken. */
  readonly previous: { readonly hash: string; readonly expiresAtMs: number } | null
  readonly isAllowedFrom: AddressCheck
}

export interface LiveKeyOptions {
  readonly store: Store
  readonly models: Pick<AuthModels, 'apiKey' | 'business'>
}

/** Reads a key inside the business that it names. Null if it is unknown there or revoked, or the business is inactive. */
export async function findLiveKey(
  { business, prefix }: { readonly business: string; readonly prefix: string },
  { store, models }: LiveKeyOptions,
  { requestId, queryLog = null }: Pick<Client, 'requestId' | 'queryLog'>,
): Promise<LiveKey | null> {
  const inside = createContext(store, { actor: null, business, requestId, queryLog })
  const row = await inside.query(models.apiKey).filter({ prefix, revoked_at__isnull: true }).first()
  if (row === null) return null
  const outside = createContext(store, { actor: null, business: null, requestId, queryLog })
  const isActive = await outside.query(models.business).filter({ id: business, is_active: true }).exists()
  return isActive ? liveKey(row, business) : null
}

function liveKey(row: Row<ApiKeyModel>, business: string): LiveKey {
  const { previous_hash: previousHash, previous_expires_at: previousEnd } = row
  return {
    principal: principalOf(row, business),
    hash: row.key_hash,
    expiresAtMs: row.expires_at?.getTime() ?? null,
    previous:
      previousHash === null || previousEnd === null ? null : { hash: previousHash, expiresAtMs: previousEnd.getTime() },
    isAllowedFrom: addressCheck(row.allowed_addresses),
  }
}

/** A program: it stands where a user does, under the id of its key, so that what it makes names the key. */
function principalOf({ id, name, role, scopes }: Row<ApiKeyModel>, business: string): Principal {
  return Object.freeze({
    ...PLAIN_SIGN_IN,
    userId: id,
    sessionId: id,
    business,
    role,
    isSuperuser: false,
    email: '',
    name,
    authenticatedAtMs: 0,
    apiKey: Object.freeze({ id, scopes: Object.freeze([...scopes]) }),
  })
}
