import { ApiError } from '../../base/index.ts'
import { type Context, createContext } from '../../db/index.ts'
import { enrolledFactors, hasSecondFactor } from '../factors/enrolled-factors.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Client } from '../models/client.ts'
import type { Principal } from '../permissions/principal.ts'
import type { SessionTokens } from '../sessions/refresh.ts'
import { type OwnBusiness, type Place, placeOf } from './own-businesses.ts'
import { type SignInParts, systemContext } from './sign-in-parts.ts'

export interface SwitchTarget {
  /** The id of the business. */
  readonly business: string
  readonly client: Client
}

/** Tokens for another business. */
export interface Switched extends SessionTokens {
  /** Null: the business is kept from the session until the user has enrolled a second factor. */
  readonly business: OwnBusiness | null
  readonly second_factor_required: boolean
}

/**
 * Begins a session in another business of one's own; a superuser may enter any. The session that asks goes on.
 *
 * @throws {ApiError} `not_found` if there is no such business, it is inactive or it is not the user's: all in one answer
 */
export async function switchBusiness(
  parts: SignInParts,
  principal: Principal,
  target: SwitchTarget,
): Promise<Switched> {
  const { userId, sessionId: from, authenticatedAtMs, transport } = principal
  const { business, client } = target
  // Whoever works as another does so in one business, and not for longer than was said.
  if (principal.impersonator !== null) throw new ApiError('permission_denied')
  const place = await enterable(parts, principal, target)
  if (place === null) throw new ApiError('not_found')
  const ctx = systemContext(parts.store, userId, client)
  const isProved = await countsAsSecondFactor(ctx, parts.models, { principal, place })
  const proof = { authenticatedAtMs, hasSecondFactor: isProved, transport }
  const pair = await ctx.transaction((tx) => parts.sessions.start(tx, { userId, business, client, from, ...proof }))
  const isKeptOut = place.needsSecondFactor && !isProved
  return { ...pair, business: isKeptOut ? null : place.business, second_factor_required: isKeptOut }
}

/**
 * Whether what the session was begun with is a second factor in that business too. Of a user who has none it was a code
 * from an e-mail, taken before they joined a business that wants more.
 */
async function countsAsSecondFactor(
  ctx: Context,
  models: AuthModels,
  { principal, place }: { readonly principal: Principal; readonly place: Place },
): Promise<boolean> {
  if (!principal.hasSecondFactor || place.allowsEmailCode) return principal.hasSecondFactor
  return hasSecondFactor(await enrolledFactors(ctx, models, principal.userId))
}

async function enterable(
  { store, models }: SignInParts,
  { userId, isSuperuser }: Principal,
  { business, client }: SwitchTarget,
): Promise<Place | null> {
  const outside = systemContext(store, userId, client)
  const target = await outside.query(models.business).filter({ id: business, is_active: true }).first()
  if (target === null) return null
  if (isSuperuser) return placeOf(target, 'admin')
  const { requestId, queryLog = null } = client
  const inside = createContext(store, { actor: userId, business, requestId, queryLog })
  const membership = await inside.query(models.membership).filter({ user: userId, is_active: true }).first()
  return membership && placeOf(target, membership.role)
}
