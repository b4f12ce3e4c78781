import { type Context, MAX_IN_VALUES, type Row } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { BusinessModel } from '../models/user-models.ts'
import type { Role } from '../permissions/principal.ts'

/** A business that a user belongs to, and as what. */
export interface OwnBusiness {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly role: Role
}

/** A business that a user may enter, and what it demands of them there. */
export interface Place {
  readonly business: OwnBusiness
  readonly needsSecondFactor: boolean
  readonly allowsEmailCode: boolean
}

/** The active businesses of a user by name. They lie across businesses, so each reading is in the audit log. */
export function ownBusinesses(ctx: Context, models: AuthModels, userId: string): Promise<Place[]> {
  return ctx.acrossBusinesses('The user asks for the list of their own businesses', async (all) => {
    const memberships = await all.query(models.membership).filter({ user: userId, is_active: true }).all()
    const roles = new Map(memberships.map(({ business_id, role }) => [business_id, role]))
    const businesses = await businessesById(all, models.business, [...roles.keys()])
    const places = businesses.flatMap((business) => {
      const role = roles.get(business.id)
      return role === undefined ? [] : [placeOf(business, role)]
    })
    return places.sort(({ business: a }, { business: b }) =>
      a.name === b.name ? compare(a.id, b.id) : compare(a.name, b.name),
    )
  })
}

/** The businesses that a superuser may enter, by name; of very many the first. */
export async function allBusinesses(ctx: Context, models: AuthModels): Promise<OwnBusiness[]> {
  const active = ctx.query(models.business).filter({ is_active: true }).orderBy('name')
  const { rows } = await active.page({ size: MOST_LISTED })
  return rows.map((business) => ownBusiness(business, 'admin'))
}

const MOST_LISTED = 200

/** A business as its member sees it. */
export function ownBusiness({ id, name, slug }: Row<BusinessModel>, role: Role): OwnBusiness {
  return { id, name, slug, role }
}

/** A business, and what it demands of those who work there in that role. */
export function placeOf(business: Row<BusinessModel>, role: Role): Place {
  const { two_factor_roles: roles, allows_email_code: allowsEmailCode } = business
  return { business: ownBusiness(business, role), needsSecondFactor: roles.includes(role), allowsEmailCode }
}

async function businessesById(
  all: Context,
  model: BusinessModel,
  ids: readonly string[],
): Promise<Row<BusinessModel>[]> {
  const businesses: Row<BusinessModel>[] = []
  for (let at = 0; at < ids.length; at += MAX_IN_VALUES) {
    const some = ids.slice(at, at + MAX_IN_VALUES)
    businesses.push(...(await all.query(model).filter({ id__in: some, is_active: true }).all()))
  }
  return businesses
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
