import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isMember } from '../auth/index.ts'
import { newId, validationError } from '../base/index.ts'
import { foreignKey, model, text } from '../db/index.ts'
import { action, endpointsOf, type Router, router, serializer, type ViewSetOptions, viewset } from '../rest/index.ts'
import { checkIsolation } from './check-isolation.ts'
import type { Intruder, Sender } from './intruder.ts'
import { scopedResources } from './resources.ts'
import { Samples } from './sample-values.ts'
import { type Caller, type ThrowawayApi, testApis } from './throwaway-api.ts'

const Group = model('crm.Group', { scope: 'business', fields: { name: text() } })
const Person = model('crm.Person', {
  scope: 'business',
  fields: { name: text(), group: foreignKey(() => Group, { onDelete: 'cascade' }).optional() },
})

/** A viewset that is sound but for what `options` adds. */
const people = (options: ViewSetOptions<typeof Person> = {}): Router =>
  router('crm', { people: viewset(Person, { search: ['name'], permissions: isMember, ...options }) })

const Names = serializer('Names', { fields: { names: text({ max: 10_000 }) } })

const everyName = action(Person, {
  detail: false,
  method: 'GET',
  summary: 'Names of everybody',
  response: Names,
  run: ({ ctx }) =>
    ctx.acrossBusinesses('a mistake', async (all) => {
      const rows = await all.query(Person).withDeleted().all()
      return { names: rows.map(({ id, name }) => `${id} ${name}`).join() }
    }),
})

const renameAll = action(Person, {
  detail: false,
  summary: 'Rename everybody',
  run: async ({ ctx }) => {
    await ctx.acrossBusinesses('a mistake', (all) => all.query(Person).update({ name: 'Renamed' }))
  },
})

const tellsForeignKeys: ViewSetOptions<typeof Person> = {
  validate: async (values, { ctx }) => {
    const id = values.group
    if (typeof id !== 'string' || (await ctx.query(Group).filter({ id }).exists())) return values
    const isForeign = await ctx.acrossBusinesses('a mistake', (all) => all.query(Group).filter({ id }).exists())
    throw validationError({ group: [isForeign ? 'It is of another business.' : 'There is no such group.'] })
  },
}

describe('the check of isolation', () => {
  const cases = [
    { name: 'passes sound endpoints', routers: [people()], failure: null },
    {
      name: 'finds a list that shows the rows of others',
      routers: [people({ actions: { everyName } })],
      failure: /GET \/api\/crm\/people\/everyName\/ shows another business's row/,
    },
    {
      name: 'finds an action that changes the rows of others',
      routers: [people({ actions: { renameAll } })],
      failure: /A row of the victim was changed: \/api\/crm\/people\//,
    },
    {
      name: 'finds a refusal that tells the keys of others from none',
      routers: [people(tellsForeignKeys)],
      failure: /\/api\/crm\/people\/ tells another's group from none/,
    },
  ]
  for (const { name, routers, failure } of cases) {
    test(name, async () => {
      await using world = await createWorld(routers)
      const check = checkAll(world)
      await (failure ? assert.rejects(check, failure) : check)
    })
  }

  test('is not content with endpoints that answer nobody', async () => {
    await using world = await createWorld([people()])
    const nobody: Sender = { send: world.api.as(null) }
    await assert.rejects(checkAll(world, { victimClient: nobody }), /The victim cannot read its own row/)
  })

  test('finds rows that are reached by their ids', async () => {
    await using world = await createWorld([people()])
    // As if there were no wall: the intruder sees what the victim sees.
    const { victimClient } = world.intruder
    await assert.rejects(checkAll(world, { client: victimClient }), /shows another business's row|of another business/)
  })
})

interface World extends AsyncDisposable {
  readonly api: ThrowawayApi
  readonly routers: readonly Router[]
  readonly intruder: Intruder
}

async function createWorld(routers: readonly Router[]): Promise<World> {
  const [source] = testApis([Group, Person], routers)
  if (!source) throw new Error('There is no database to test on')
  const api = await source.create()
  const own = { id: newId(), name: 'The intruder' }
  const victim = { id: newId(), name: 'The victim' }
  const sender = (business: string): Sender => ({ send: api.as({ business }) satisfies Caller })
  const noAccounts = () => Promise.reject(new Error('There are no accounts here'))
  const app = {
    store: api.store,
    context: (business?: { readonly id: string }) => api.context(business?.id ?? null),
    make: { business: noAccounts, user: noAccounts },
  }
  const samples = new Samples(app)
  const intruder = { app, own, victim, samples, client: sender(own.id), victimClient: sender(victim.id) }
  return { api, routers, intruder, [Symbol.asyncDispose]: () => api.drop() }
}

async function checkAll({ api, routers, intruder }: World, changes: Partial<Intruder> = {}): Promise<void> {
  const endpoints = endpointsOf(routers, { store: api.store, limits: { pageSize: 50, maxPageSize: 200 } })
  const resources = scopedResources(endpoints, null)
  assert.equal(resources.length, 1)
  for (const resource of resources) await checkIsolation(resource, { ...intruder, ...changes })
}
