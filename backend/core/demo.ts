import { hashPassword, type Role } from '@bailiwick/kit/auth'
import { type Context, createContext } from '@bailiwick/kit/db'
import type { Demo } from '@bailiwick/kit/manage'
import { User } from '../apps/account/models.ts'
import { findUser } from '../apps/account/services.ts'
import { type Business, Membership } from '../apps/business/models.ts'
import { addMember, createBusiness, findBusiness } from '../apps/business/services.ts'
import { Client } from '../apps/clients/models.ts'
import { demoClients } from './demo-clients.ts'

const PASSWORD = 'Demo-pass-2026'
const CLIENTS_EACH = 200

const BUSINESSES = [
  { name: 'Acme Trading', slug: 'acme' },
  { name: 'Globex Services', slug: 'globex' },
] as const

type Slug = (typeof BUSINESSES)[number]['slug']

interface DemoUser {
  readonly email: string
  readonly name: string
  readonly roles: { readonly [slug in Slug]?: Role }
}

const USERS: readonly DemoUser[] = [
  { email: 'root@demo.test', name: 'Rania Root', roles: {} },
  { email: 'admin@acme.test', name: 'Adam Admin', roles: { acme: 'admin' } },
  { email: 'manager@acme.test', name: 'Maya Manager', roles: { acme: 'manager' } },
  { email: 'agent@acme.test', name: 'Ali Agent', roles: { acme: 'agent' } },
  { email: 'subscriber@acme.test', name: 'Sara Subscriber', roles: { acme: 'subscriber' } },
  { email: 'admin@globex.test', name: 'Gita Admin', roles: { globex: 'admin' } },
  { email: 'both@demo.test', name: 'Bo Both', roles: { acme: 'manager', globex: 'agent' } },
]

/** Two businesses with their people and clients. What is there is left as it is. */
export const demo: Demo = {
  load: async (ctx) => {
    const userIds = await loadUsers(ctx)
    const contents: string[] = []
    for (const [index, values] of BUSINESSES.entries()) {
      const business = (await findBusiness(ctx, values.slug)) ?? (await createBusiness(ctx, values))
      const inside = createContext(ctx.store, { actor: null, business: business.id, requestId: ctx.requestId })
      await loadMembers(ctx, inside, { business, slug: values.slug, userIds })
      const count = await loadClients(inside, { slug: values.slug, start: index * CLIENTS_EACH })
      contents.push(`${business.name} (${business.slug}): ${count} clients`)
    }
    const signIns = USERS.map(({ email, roles }) => ({ email, role: describeRoles(roles) }))
    return { contents, signIns, password: PASSWORD, firstPath: '/api/clients/clients/' }
  },
}

async function loadUsers(ctx: Context): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  // Hashing is made to take long: once is enough for accounts that share their password.
  let password: string | null = null
  for (const { email, name, roles } of USERS) {
    const found = await findUser(ctx, email)
    if (!found) password ??= await hashPassword(PASSWORD)
    const email_verified_at = new Date(ctx.store.clock.now())
    const is_superuser = Object.keys(roles).length === 0
    const user = found ?? (await ctx.query(User).create({ email, name, password, is_superuser, email_verified_at }))
    ids.set(email, user.id)
  }
  return ids
}

interface MembersOptions {
  readonly business: Business
  readonly slug: Slug
  readonly userIds: ReadonlyMap<string, string>
}

async function loadMembers(ctx: Context, inside: Context, { business, slug, userIds }: MembersOptions): Promise<void> {
  for (const { email, roles } of USERS) {
    const role = roles[slug]
    const userId = userIds.get(email)
    if (role === undefined || userId === undefined) continue
    if (await inside.query(Membership).filter({ user: userId }).exists()) continue
    await addMember(ctx, { businessId: business.id, userId, role })
  }
}

async function loadClients(inside: Context, { slug, start }: { slug: Slug; start: number }): Promise<number> {
  if (!(await inside.query(Client).withDeleted().exists())) {
    const members = await inside.query(Membership).exclude({ role: 'subscriber' }).orderBy('user__email').all()
    const owners = members.map(({ user }) => user)
    await inside
      .query(Client)
      .bulkCreate(demoClients(CLIENTS_EACH, { domain: `${slug}-clients.example`, start, owners }))
  }
  return inside.query(Client).count()
}

function describeRoles(roles: DemoUser['roles']): string {
  const places = BUSINESSES.flatMap(({ slug, name }) => (roles[slug] ? [`${roles[slug]} at ${name}`] : []))
  return places.join(', ') || 'superuser'
}
