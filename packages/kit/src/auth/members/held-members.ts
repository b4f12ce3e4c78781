import { ApiError } from '../../base/index.ts'
import { type Context, q, type Row } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { MembershipModel } from '../models/user-models.ts'
import { hasRole, type Principal, type Role } from '../permissions/principal.ts'

/** What may be decided on: rows that nobody else changes until the transaction ends. */
export interface HeldMembers {
  readonly target: Row<MembershipModel>
  /** Whether the business has an active admin besides the target. */
  readonly hasOtherAdmin: boolean
  /** What the asker is at this moment; a superuser may do what an admin may. */
  readonly askerRole: Role
}

/**
 * Holds the membership that is to change together with those of the asker and of all admins, in one statement and one
 * order: of two admins who demote each other at once, the second sees what the first has done. It must be the first
 * statement of the transaction, for MariaDB shows what was there when the first one read.
 *
 * @throws {ApiError} `not_found` if the user is no member; `permission_denied` if the asker is an admin no longer, works by
 * an API key, or the target stands above them
 */
export async function holdMembers(
  tx: Context,
  models: AuthModels,
  { principal, user }: { readonly principal: Principal; readonly user: string },
): Promise<HeldMembers> {
  const wanted = q.or({ role: 'admin' }, { user__in: [principal.userId, user] })
  const held = await tx.query(models.membership).filter(wanted).orderBy('id').forUpdate().all()
  const asker = held.find((row) => row.user === principal.userId)
  const askerRole = principal.isSuperuser ? 'admin' : asker?.is_active ? asker.role : null
  // A key is given to a program, for what it has to do: who may enter is for people to say.
  if (principal.apiKey !== null || !hasRole(askerRole, 'admin')) throw new ApiError('permission_denied')
  const target = held.find((row) => row.user === user)
  if (!target) throw new ApiError('not_found')
  assertNotAbove(askerRole, target.role)
  const others = held.filter((row) => row.role === 'admin' && row.is_active && row.id !== target.id)
  return { target, askerRole: askerRole ?? 'admin', hasOtherAdmin: await hasActive(tx, models, others) }
}

/** @throws {ApiError} `permission_denied` if the role is above that of the asker */
export function assertNotAbove(asker: Role | null, role: Role): void {
  if (!hasRole(asker, role)) throw new ApiError('permission_denied')
}

/** @throws {ApiError} `conflict` if nobody would be left to administer the business */
export function assertAdminLeft({ target, hasOtherAdmin }: HeldMembers): void {
  if (target.role !== 'admin' || !target.is_active || hasOtherAdmin) return
  throw new ApiError('conflict', { message: 'This is the last active admin of the business: name another one first.' })
}

/** Whether one of them may sign in at all. */
async function hasActive(tx: Context, models: AuthModels, members: readonly Row<MembershipModel>[]): Promise<boolean> {
  const ids = members.map(({ user }) => user).slice(0, MOST_ADMINS)
  return ids.length > 0 && tx.query(models.user).filter({ id__in: ids, is_active: true }).exists()
}

const MOST_ADMINS = 1000
