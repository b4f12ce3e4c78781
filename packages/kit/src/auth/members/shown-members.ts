import { type Context, max, type Row } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { MembershipModel } from '../models/user-models.ts'
import type { Role } from '../permissions/principal.ts'

/** What tells of people. */
type ShownModels = Pick<AuthModels, 'user' | 'totp' | 'passkey' | 'session'>

type Membership = Pick<Row<MembershipModel>, 'user' | 'role' | 'is_active' | 'created_at'>

/** A member as the managers of the business see them: of the person, what the business has to know. */
export interface ShownMember {
  /** The id of the user. */
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly is_active: boolean
  readonly email_verified: boolean
  readonly has_second_factor: boolean
  /** When they last began a session in this business; what they do elsewhere does not show. */
  readonly last_login: Date | null
  /** Since when they belong to the business. */
  readonly created_at: Date
}

/** Memberships with what managers may know of the people, in their order. */
export async function showMembers(
  ctx: Context,
  models: ShownModels,
  memberships: readonly Membership[],
): Promise<ShownMember[]> {
  const shown: ShownMember[] = []
  for (let at = 0; at < memberships.length; at += CHUNK) {
    shown.push(...(await showSome(ctx, models, memberships.slice(at, at + CHUNK))))
  }
  return shown
}

const CHUNK = 500

async function showSome(ctx: Context, models: ShownModels, memberships: readonly Membership[]): Promise<ShownMember[]> {
  const ids = memberships.map(({ user }) => user)
  const people = await ctx.query(models.user).inBulk(ids)
  const apps = await ctx.query(models.totp).filter({ user__in: ids, confirmed_at__isnull: false }).all()
  const passkeys = await ctx.query(models.passkey).filter({ user__in: ids }).select('user').all()
  const own = { user__in: ids, business: ctx.business, impersonator__isnull: true }
  const begun = await ctx
    .query(models.session)
    .filter(own)
    .groupBy('user')
    .annotate({ last: max('created_at') })
    .all()
  const withFactor = new Set([...apps, ...passkeys].map(({ user }) => user))
  const lastLogins = new Map(begun.map(({ user, last }) => [user, last]))
  return memberships.flatMap(({ user: id, role, is_active, created_at }) => {
    const person = people.get(id)
    if (!person) return []
    return [
      {
        id,
        email: person.email,
        name: person.name,
        role,
        is_active,
        email_verified: person.email_verified_at !== null,
        has_second_factor: withFactor.has(id),
        last_login: lastLogins.get(id) ?? null,
        created_at,
      },
    ]
  })
}
