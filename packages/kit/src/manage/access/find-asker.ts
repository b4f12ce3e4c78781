import { PLAIN_SIGN_IN, type Principal, type Role } from '../../auth/index.ts'
import { newId } from '../../base/index.ts'
import { type Context, createContext } from '../../db/index.ts'
import type { Accounts } from '../project.ts'
import { accountModels } from './account-models.ts'
import type { Explaining, Explanation } from './explanation.ts'

export interface AskerOptions {
  readonly email: string
  /** The slug or id of the business; null: the first by name of those that the user belongs to, as at sign-in. */
  readonly business: string | null
}

type Row = Readonly<Record<string, unknown>>

/** Who a user would be to the server, or why they would be nobody. */
export async function findAsker(
  ctx: Context,
  accounts: Accounts,
  { options, explaining }: { readonly options: AskerOptions; readonly explaining: Explaining },
): Promise<Principal | Explanation> {
  const models = accountModels(ctx.store.registry)
  const known = await accounts.findUser(ctx, options.email)
  if (known === null) return explaining.denied(401, `there is no user ${options.email}`)
  const user = await rowOf(ctx, models.user, { id: known.id })
  if (user?.is_active !== true) return explaining.denied(401, `the user ${options.email} is not active`)
  explaining.note('user', `${options.email}, active${user.is_superuser === true ? ', superuser' : ''}`)
  const memberships = await membershipsOf(ctx, known.id)
  const business = await businessOf(ctx, accounts, { asked: options.business, memberships })
  const base = {
    userId: known.id,
    sessionId: newId(),
    isSuperuser: user.is_superuser === true,
    email: options.email,
    name: String(user.name ?? ''),
    ...PLAIN_SIGN_IN,
    authenticatedAtMs: ctx.store.clock.now(),
  }
  if (business === null) {
    if (options.business !== null) return explaining.denied(401, `there is no business ${options.business}`)
    explaining.note('membership', 'of no business')
    return { ...base, business: null, role: null }
  }
  const place = `${String(business.name)} (${String(business.slug)})`
  if (business.is_active !== true) return explaining.denied(401, `the business ${place} is not active`)
  const membership = memberships.find(({ business_id }) => business_id === business.id)
  // as: the field is a choice of the roles
  const role = (membership?.role as Role | undefined) ?? (base.isSuperuser ? 'admin' : null)
  if (role === null) return explaining.denied(401, `${options.email} does not belong to ${place}`)
  explaining.note('membership', `${role} of ${place}`)
  return { ...base, business: String(business.id), role }
}

async function rowOf(ctx: Context, model: ReturnType<typeof accountModels>['user'], filter: Row): Promise<Row | null> {
  // as: the filter and the row of a model that is known at run time
  return (await ctx
    .query(model)
    .filter(filter as never)
    .first()) as Row | null
}

/** Nobody knows beforehand which businesses they are of, so this looks across them: it is audited. */
async function membershipsOf(ctx: Context, user: string): Promise<readonly Row[]> {
  const { membership } = accountModels(ctx.store.registry)
  // as: the filter and the rows of a model that is known at run time
  const find = (all: Context) =>
    all
      .query(membership)
      .filter({ user, is_active: true } as never)
      .all() as Promise<unknown>
  return (await ctx.acrossBusinesses('access:explain looks for the businesses of a user', find)) as readonly Row[]
}

interface Wanted {
  readonly asked: string | null
  readonly memberships: readonly Row[]
}

async function businessOf(ctx: Context, accounts: Accounts, { asked, memberships }: Wanted): Promise<Row | null> {
  const { business } = accountModels(ctx.store.registry)
  if (asked !== null) {
    const named = await accounts.findBusiness(ctx, asked)
    return rowOf(ctx, business, { id: named?.id ?? asked }).catch(() => null)
  }
  const own: Row[] = []
  for (const { business_id: id } of memberships) {
    const found = await rowOf(ctx, business, { id, is_active: true })
    if (found) own.push(found)
  }
  return own.toSorted((a, b) => (String(a.name) < String(b.name) ? -1 : 1))[0] ?? null
}

/** The context that a request of theirs would have. */
export function contextOf({ store, requestId }: Context, { userId, business }: Principal): Context {
  return createContext(store, { actor: userId, business, requestId })
}
