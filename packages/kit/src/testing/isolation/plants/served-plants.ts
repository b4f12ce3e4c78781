import type { FastifyRequest } from 'fastify'
import type { Principal } from '../../../auth/index.ts'
import { MemoryCache } from '../../../cache/index.ts'
import type { Database } from '../../../db/index.ts'
import type { Plant, PlantSite } from './plant.ts'
import { replace, tapStatements } from './tap-statements.ts'

type Tables = PlantSite['built']['store']['registry']['models']

/** What the server takes for the truth before it answers. */
const ASKERS: readonly Plant[] = [
  asker('the role of the asker', (principal) => ({ ...principal, role: 'admin' })),
  asker('the right to see the bin', (principal, { query }) =>
    typeof query === 'object' && query !== null && 'deleted' in query ? { ...principal, role: 'admin' } : principal,
  ),
  asker('a header names the business', (principal, { headers }) => inNamed(principal, headers['x-business-id'])),
  asker('a parameter names the business', (principal, { query }) => inNamed(principal, taken(query, 'business'))),
  asker('a body names the business', (principal, { body }) => inNamed(principal, taken(body, 'business_id'))),
]

type Claim = (principal: Principal, request: FastifyRequest) => Principal

function asker(name: string, claim: Claim): Plant {
  return {
    name,
    inServer: ({ built, occasions }) => {
      built.server.addHook('preHandler', async (request) => {
        const { principal } = request
        const claimed = principal === null ? null : claim(principal, request)
        if (claimed === principal) return
        occasions.count += 1
        request.setDecorator('principal', claimed)
      })
    },
  }
}

function inNamed(principal: Principal, business: unknown): Principal {
  return typeof business === 'string' ? { ...principal, business } : principal
}

/** Takes a member out of what a client sent, as a server would that knows what it means. */
function taken(from: unknown, name: string): unknown {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, name)) return undefined
  const value: unknown = Reflect.get(from, name)
  Reflect.deleteProperty(from, name)
  return value
}

interface Told {
  readonly status: number
  readonly text: string
  /** The row of another business that the address names. */
  readonly foreign: Readonly<Record<string, unknown>> | null
  readonly path: string
  header(name: string, value: string): void
}

/** What an answer says more than it should. */
const TELLERS: readonly Plant[] = [
  teller('one status for foreign rows and for none', ({ status, foreign, text }) =>
    status === 404 && foreign ? { status: 403, text } : null,
  ),
  teller('one text for foreign rows and for none', ({ status, foreign, text }) =>
    status === 404 && foreign ? { status, text: text.replace(/"message":"[^"]*"/, '"message":"Not yours."') } : null,
  ),
  teller('no value of a foreign row in an error', ({ status, foreign, text }) =>
    status === 404 && foreign
      ? {
          status,
          text: text.replace(
            /"message":"[^"]*"/,
            `"message":${JSON.stringify(JSON.stringify(Object.values(foreign)))}`,
          ),
        }
      : null,
  ),
  teller('no header about a foreign row', ({ status, foreign, text, header }) => {
    if (status !== 404 || !foreign) return null
    header('x-owner', String(foreign.business_id))
    return { status, text }
  }),
  teller('no Location of a foreign row', ({ status, foreign, text, path, header }) => {
    if (status !== 404 || !foreign) return null
    header('location', path)
    return { status, text }
  }),
]

type Tell = (told: Told) => { readonly status: number; readonly text: string } | null

function teller(name: string, tell: Tell): Plant {
  return {
    name,
    isLikely: ({ operator }) => operator === 'foreign id in the path',
    inServer: ({ built, businesses, occasions }) => {
      const { database, registry } = built.store
      built.server.addHook('onSend', async (request, reply, payload) => {
        if (typeof payload !== 'string') return payload
        const path = request.url.split('?', 1)[0] ?? ''
        const foreign = await foreignRow({ database, models: registry.models, own: businesses.a, path })
        const header = (key: string, value: string): void => {
          reply.header(key, value)
        }
        const said = tell({ status: reply.statusCode, text: payload, foreign, path, header })
        if (said === null) return payload
        occasions.count += 1
        reply.code(said.status).removeHeader('content-length')
        return said.text
      })
    },
  }
}

interface Lookup {
  readonly database: Database
  readonly models: Tables
  readonly own: string
  readonly path: string
}

async function foreignRow({ database, models, own, path }: Lookup): Promise<Told['foreign']> {
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(path)?.[0]
  if (id === undefined) return null
  for (const { table, scope, idKind } of models) {
    if (scope !== 'business' || idKind !== 'uuid') continue
    const sql = `select * from ${table} where id = '${id}' and business_id <> '${own}'`
    const { rows, columns } = await database.execute({ sql })
    const [row] = rows
    if (row) return Object.fromEntries(columns.map((column, at) => [column.name, row[at]]))
  }
  return null
}

/** What a list says beside its rows. */
const LISTS: readonly Plant[] = [
  lister('a total that counts one business alone', 'x-total-count', (table) => `select count(*) from ${table}`),
  lister(
    'a validator that goes by one business alone',
    'etag',
    (table) => `select count(*), max(updated_at) from ${table}`,
  ),
  lister(
    'a cursor that points into one business alone',
    'link',
    (table, victim) => `select id from ${table} where business_id = '${victim}' order by id limit 1`,
  ),
]

function lister(name: string, header: string, sqlOf: (table: string, victim: string) => string): Plant {
  return {
    name,
    isLikely: ({ operator, endpoint }) => operator === 'plain request' && endpoint.action === 'list',
    inServer: ({ built, businesses, occasions }) => {
      const tables = new Map(
        built.endpoints.filter(({ action }) => action === 'list').map(({ path, model }) => [path, model]),
      )
      built.server.addHook('onSend', async (request, reply, payload) => {
        const model = tables.get(request.routeOptions.url ?? '')
        if (model?.scope !== 'business' || reply.statusCode !== 200) return payload
        const { rows } = await built.store.database.execute({ sql: sqlOf(model.table, businesses.b) })
        occasions.count += 1
        reply.header(header, `"${rows.flat().join()}"`)
        return payload
      })
    },
  }
}

/** What the kit keeps in memory, and what it writes down. */
const KEPT: readonly Plant[] = [
  { name: 'the business in the key of a cache', inServer: shareCaches },
  {
    name: 'whose plan of a statement it is',
    inServer: ({ built, occasions }) => {
      const { store } = built
      const plan = store.plan.bind(store)
      const plans = new Map<string, { readonly reach: string; readonly made: ReturnType<typeof plan> }>()
      replace(store, 'plan', (key, reach, build) => {
        const known = plans.get(key) ?? { reach, made: plan(key, reach, build) }
        if (known.reach !== reach) occasions.count += 1
        plans.set(key, known)
        return known.made
      })
    },
  },
  {
    name: 'that a table is divided among businesses',
    inServer: ({ built, occasions }) => {
      const { catalogue, registry } = built.store
      const find = catalogue.find.bind(catalogue)
      const wanted = registry.models.find(
        ({ scope, hasSoftDelete, app }) => scope === 'business' && hasSoftDelete && app !== 'business',
      )
      replace(catalogue, 'find', (table) => {
        const found = find(table)
        if (found === undefined || found.table !== wanted?.table) return found
        occasions.count += 1
        return { table: found.table, scope: 'global' }
      })
    },
  },
  {
    name: 'the entry in the audit log when work leaves its business',
    inServer: ({ built, occasions }) =>
      tapStatements(
        built.store.database,
        { drops: (sql) => /insert into ["`]kit_auditentry["`]/.test(sql) },
        occasions,
      ),
  },
  {
    name: 'the business that a new row is put into',
    inServer: ({ built, businesses, occasions }) =>
      tapStatements(
        built.store.database,
        {
          params: (sql, params) =>
            /^insert into/.test(sql) && sql.includes('business_id') && params.includes(businesses.a)
              ? params.map((value) => (value === businesses.a ? businesses.b : value))
              : params,
        },
        occasions,
      ),
  },
]

const { get, set } = MemoryCache.prototype

function shareCaches({ occasions, built }: PlantSite): void {
  const shared = (key: Parameters<typeof get>[0]): typeof key =>
    key.replace(/^business:[^:]+/, 'business:all') as typeof key // as: a key all the same
  replace(MemoryCache.prototype, 'get', function (this: MemoryCache, key) {
    occasions.count += 1
    return get.call(this, shared(key))
  })
  replace(MemoryCache.prototype, 'set', function (this: MemoryCache, key, text, lifetime) {
    return set.call(this, shared(key), text, lifetime)
  })
  built.server.addHook('onClose', async () => {
    replace(MemoryCache.prototype, 'get', get)
    replace(MemoryCache.prototype, 'set', set)
  })
}

/** Servers that believe or tell more than they should. */
export const SERVED_PLANTS: readonly Plant[] = [...ASKERS, ...TELLERS, ...LISTS, ...KEPT]
