import {
  allowAny,
  atLeast,
  clientOf,
  isAuthenticated,
  isMember,
  passwordField,
  principalOf,
  ROLES,
} from '../../../auth/index.ts'
import { businessKey, MemoryCache } from '../../../cache/index.ts'
import {
  boolean,
  type Context,
  choice,
  datetime,
  email,
  integer,
  type Store,
  slug,
  text,
  uuid,
} from '../../../db/index.ts'
import { action, listOf, orNull, type Router, router, serializer, view, viewset } from '../../../rest/index.ts'
import { Business, Label, Note, Sample, Task, Team, User } from './yard-models.ts'

const Own = serializer('OwnBusiness', { fields: { id: uuid(), name: text(), slug: slug(), role: choice(ROLES) } })

const Me = serializer('Me', {
  fields: { id: uuid(), email: email(), name: text(), is_superuser: boolean(), last_login: datetime().optional() },
})

const PROFILE = { user: Me, business: orNull(Own), businesses: listOf(Own) }
const TOKENS = { access: text({ max: 4000 }).optional(), refresh: text({ max: 4000 }).optional() }

const login = view({
  method: 'POST',
  path: 'login/',
  name: 'login',
  summary: 'Sign in',
  permission: allowAny,
  body: serializer('Credentials', { fields: { email: email(), password: passwordField() } }),
  response: serializer('SignIn', { fields: { ...TOKENS, ...PROFILE, user: orNull(Me) } }),
  run: ({ body, request }) => request.server.auth.login(body, clientOf(request)),
})

const me = view({
  method: 'GET',
  path: 'me/',
  name: 'me',
  summary: 'Show who is signed in',
  permission: isAuthenticated,
  response: serializer('Profile', { fields: PROFILE }),
  run: ({ request }) => request.server.auth.profile(principalOf(request), clientOf(request)),
})

const enter = view({
  method: 'POST',
  path: 'switch/',
  name: 'switch',
  summary: 'Enter another business',
  permission: isAuthenticated,
  body: serializer('Switch', { fields: { business: uuid() } }),
  response: serializer('Switched', { fields: { ...TOKENS, business: orNull(Own) } }),
  run: ({ body: { business }, request }) =>
    request.server.auth.switchBusiness(principalOf(request), { business, client: clientOf(request) }),
})

const Counts = serializer('Counts', { fields: { tasks: integer(), open: integer() } })

const summary = action(Task, {
  detail: false,
  method: 'GET',
  summary: 'Count tasks by state',
  response: Counts,
  run: async ({ ctx }) => {
    const rows = await ctx.sql
      .selectFrom('yard_task' as never) // as: tests declare no tables of their own
      .select(({ fn }) => ['state' as never, fn.countAll().as('count')])
      .groupBy('state' as never)
      .execute()
    const counts = rows as { readonly state: string; readonly count: string | number }[] // as: of these two columns
    const open = counts.find(({ state }) => state === 'open')?.count ?? 0
    return { tasks: counts.reduce((sum, { count }) => sum + Number(count), 0), open: Number(open) }
  },
})

/** Tells the name of the business, which it remembers for as long as the server lives. */
const remembered = action(Team, {
  detail: false,
  method: 'GET',
  summary: 'Name the business',
  response: serializer('Remembered', { fields: { name: text() } }),
  run: async ({ ctx }) => {
    const cache = cacheOf(ctx.store)
    const key = businessKey(ctx.business, 'name')
    const known = await cache.get(key)
    if (known !== null) return { name: known }
    const [business] = await ctx.query(Business).all()
    const name = business?.name ?? ''
    await cache.set(key, name, { ttlMs: 3_600_000 })
    return { name }
  },
})

const counted = action(Team, {
  detail: false,
  method: 'GET',
  summary: 'Count teams',
  response: serializer('TeamCount', { fields: { teams: integer() } }),
  run: async ({ ctx }) => ({ teams: await ctx.query(Team).count() }),
})

/** Each server has a cache of its own. */
const CACHES = new WeakMap<Store, MemoryCache>()

function cacheOf(store: Store): MemoryCache {
  const cache = CACHES.get(store) ?? new MemoryCache()
  CACHES.set(store, cache)
  return cache
}

/** Looks across businesses, as an operator's report would, and tells only that it has. */
const reported = action(Team, {
  detail: false,
  method: 'GET',
  path: 'reported',
  summary: 'Check on all businesses',
  permission: atLeast('admin'),
  run: ({ ctx }) => reportAll(ctx),
})

async function reportAll(ctx: Context): Promise<void> {
  await ctx.acrossBusinesses('The operator counts all teams', (all) => all.query(Team).count())
}

/** By which people come in. */
export const ACCOUNT_ROUTERS: readonly Router[] = [router('account', [login, me]), router('business', [enter])]

/** The addresses of the yard. */
export const YARD_ROUTERS: readonly Router[] = [
  ...ACCOUNT_ROUTERS,
  router('yard', {
    teams: viewset(Team, {
      search: ['name'],
      expand: { task: serializer(Task, { name: 'TeamTask' }) },
      actions: { reported, remembered, counted },
      permissions: { default: isMember, create: atLeast('agent'), destroy: atLeast('manager') },
    }),
    labels: viewset(Label, { search: ['word'], expand: { tasks: serializer(Task, { name: 'LabelTask' }) } }),
    tasks: viewset(Task, {
      search: ['title', 'code', 'team__name', 'owner__email'],
      ordering: ['title', 'code', 'created_at', 'team__name', 'owner__email', 'parent__title'],
      expand: {
        team: serializer(Team),
        owner: serializer(User, { name: 'TaskOwner', fields: ['id', 'name', 'email'] }),
        parent: serializer(Task),
        children: serializer(Task, { name: 'ChildTask', nested: { team: serializer(Team) } }),
        labels: serializer(Label),
        note: serializer(Note),
      },
      actions: { summary },
      permissions: { default: isMember, destroy: atLeast('manager'), restore: atLeast('manager') },
    }),
    notes: viewset(Note, { permissions: isMember }),
    samples: viewset(Sample, { search: ['address'] }),
  }),
]
