import { isForeignKey } from '../../db/index.ts'
import type { Endpoint, Parameter } from '../../rest/index.ts'
import type { Attack, QueryPart } from './attack.ts'
import { placeholder } from './cast.ts'
import { CLIENTS, type ClientName } from './clients.ts'
import { foreignValues, valuesFor } from './parameter-values.ts'
import { idOf, LIVING, type Scene, STRONGEST, uniqueFields, writable } from './scene.ts'

/** One way to attack endpoints. It finds by itself which of them it can be tried on. */
type Operator = (scene: Scene, endpoint: Endpoint) => Iterable<Attack>

/** Every attack that the operators make of the endpoints, each the same however often it is asked for. */
export function* systematicAttacks(scene: Scene): Generator<Attack> {
  for (const endpoint of scene.endpoints) for (const operator of OPERATORS) yield* operator(scene, endpoint)
}

export const isDetail = ({ path }: Pick<Endpoint, 'path'>): boolean => path.includes('/:')
export const filledPath = ({ path }: Endpoint, id: string): string => path.replaceAll(/:\w+/g, id)

/** Signing out, and whatever else a live client would lose its token by. */
export const endsTheClient = ({ model, body, method }: Endpoint): boolean =>
  model === null && body === null && method !== 'GET'

const clientsFor = (endpoint: Endpoint): readonly ClientName[] =>
  endsTheClient(endpoint) ? CLIENTS.filter((name) => !LIVING.includes(name) && name !== 'outsider') : CLIENTS

const OPERATORS: readonly Operator[] = [
  plainRequests,
  foreignIds,
  foreignFilters,
  shapes,
  expansions,
  foreignKeys,
  foreignIdsInBodies,
  takenValues,
  namedBusinesses,
  strayFields,
  manyAtOnce,
]

/** What everybody may do or not: each client, with nothing foreign in it. */
function* plainRequests(scene: Scene, endpoint: Endpoint): Generator<Attack> {
  for (const client of clientsFor(endpoint)) {
    for (const key of isDetail(endpoint) ? scene.ownKeys(endpoint) : [null]) {
      const path = key === null ? endpoint.path : filledPath(endpoint, key)
      yield { operator: 'plain request', endpoint, client, path, query: [], body: scene.body(endpoint) }
    }
  }
}

function* foreignIds(scene: Scene, endpoint: Endpoint): Generator<Attack> {
  if (!isDetail(endpoint)) return
  const { model } = endpoint
  const foreign = [...scene.foreignKeys('b', endpoint), ...scene.foreignKeys('c', endpoint)]
  const ids = [...foreign, scene.unknownId(model), placeholder('b/admin'), placeholder('business/b')]
  for (const client of clientsFor(endpoint)) {
    for (const id of client === STRONGEST ? ids : ids.filter((_, at) => at % 4 === client.length % 4)) {
      yield {
        operator: 'foreign id in the path',
        endpoint,
        client,
        path: filledPath(endpoint, id),
        query: [],
        body: scene.body(endpoint),
        // A body may be refused first: its keys may point to what an attack before has deleted.
        ...(model && { expects: endpoint.body === null ? [404] : [400, 404] }),
      }
    }
  }
}

function* foreignFilters(scene: Scene, endpoint: Endpoint): Generator<Attack> {
  const all = [...scene.rows('b'), ...scene.rows('c')]
  for (const parameter of endpoint.parameters) {
    for (const [at, value] of foreignValues(scene, parameter, all).entries()) {
      yield asked(scene, endpoint, {
        operator: `foreign value in ${kindOf(parameter)}`,
        client: LIVING[(at + parameter.name.length) % LIVING.length] ?? STRONGEST,
        query: [[parameter.name, value]],
      })
    }
  }
}

const kindOf = ({ name }: Parameter): string => {
  if (name === 'search' || name === 'cursor') return name
  return name.includes('__') ? 'a relation or lookup' : 'a filter'
}

/** Every choice of every parameter that has choices: orderings, fields, what to expand, the bin, how to count. */
function* shapes(scene: Scene, endpoint: Endpoint): Generator<Attack> {
  for (const parameter of endpoint.parameters) {
    for (const value of valuesFor(parameter).slice(0, 60)) {
      yield asked(scene, endpoint, { operator: parameter.name, client: STRONGEST, query: [[parameter.name, value]] })
    }
    if (parameter.name !== 'deleted') continue
    for (const client of CLIENTS) {
      yield asked(scene, endpoint, { operator: 'deleted rows', client, query: [['deleted', 'with']] })
    }
  }
}

/** All that can be expanded at once, references and lists, by everybody: by itself, with the bin, and with nothing beside it. */
function* expansions(scene: Scene, endpoint: Endpoint): Generator<Attack> {
  const names = Object.keys(endpoint.expandable)
  if (names.length === 0) return
  const everything: QueryPart = ['expand', names.join()]
  const hasBin = endpoint.parameters.some(({ name }) => name === 'deleted')
  const own = endpoint.model ? scene.alive('a', endpoint.model) : []
  for (const client of CLIENTS) {
    yield asked(scene, endpoint, { operator: 'expand', client, query: [everything] })
    if (hasBin) yield asked(scene, endpoint, { operator: 'expand', client, query: [everything, ['deleted', 'with']] })
  }
  for (const name of names) {
    const query: readonly QueryPart[] = [
      ['expand', name],
      ['fields', 'id'],
    ]
    for (const row of isDetail(endpoint) ? own : own.slice(0, 1)) {
      const path = filledPath(endpoint, idOf(row))
      yield { operator: 'expand', endpoint, client: STRONGEST, path, query, body: scene.body(endpoint) }
    }
  }
}

interface Asked {
  readonly operator: string
  readonly client: ClientName
  readonly query: readonly QueryPart[]
}

function asked(scene: Scene, endpoint: Endpoint, request: Asked): Attack {
  return {
    ...request,
    endpoint,
    path: filledPath(endpoint, scene.ownKeys(endpoint)[0] ?? scene.nobody),
    body: scene.body(endpoint),
  }
}

/** A key to a row of somebody else, to a row in the bin and to none: all are refused in the same words. */
function* foreignKeys(scene: Scene, endpoint: Endpoint): Generator<Attack> {
  for (const member of writable(endpoint.body?.serializer.members ?? [])) {
    if (!isForeignKey(member.kind)) continue
    const target = scene.registry.get(member.kind.targetLabel)
    if (target.scope === 'global' && target.sharedThrough === null) continue
    const foreign = [...scene.targets('b', member), ...scene.targets('c', member), scene.unknownId(target)]
    for (const id of foreign) {
      const body = { ...scene.body(endpoint), [member.name]: id }
      const expects = endpoint.model && { expects: REFUSED }
      yield own(scene, endpoint, { operator: 'foreign key in the body', body, ...expects })
    }
    // An attack before may have taken it out of the bin.
    for (const row of scene.binned('a', target)) {
      const body = { ...scene.body(endpoint), [member.name]: row.id }
      yield own(scene, endpoint, { operator: 'key to a row in the bin', body })
    }
  }
}

/** Values that are taken where they must be unique, but by another business: nobody may learn of it. */
function* takenValues(scene: Scene, endpoint: Endpoint): Generator<Attack> {
  const { model, body } = endpoint
  if (model === null || body === null) return
  const members = writable(body.serializer.members)
  for (const row of scene.rows('b', model)) {
    const keys = members.filter(({ name }) => uniqueFields(model).has(name))
    const values = Object.fromEntries(keys.map((member) => [member.name, row.values[member.name]]))
    const plain = Object.entries(values).filter(([name]) => !isForeignKey(memberNamed(members, name).kind))
    if (plain.length === 0) return
    const taken = { ...scene.body(endpoint), ...Object.fromEntries(plain) }
    yield own(scene, endpoint, { operator: 'unique value of another business', body: taken })
  }
}

function memberNamed<Member extends { readonly name: string }>(members: readonly Member[], name: string): Member {
  const member = members.find((each) => each.name === name)
  if (!member) throw new TypeError(`There is no field ${name}`)
  return member
}

/** The row of one's own that it is about may have been deleted by an attack before. */
const REFUSED = [400, 404]

const BUSINESS_NAMES = ['business', 'business_id', 'tenant', 'tenant_id', 'organization', 'company_id']
const BUSINESS_HEADERS = ['x-business', 'x-business-id', 'x-tenant-id', 'x-bailiwick-business', 'cookie', 'x-user-id']

/** Requests that name a business by other means than their token. */
function* namedBusinesses(scene: Scene, endpoint: Endpoint): Generator<Attack> {
  const victim = placeholder('business/b')
  for (const header of BUSINESS_HEADERS) {
    const value = header === 'cookie' ? `business=${victim}; session=${placeholder('b/admin')}` : victim
    const named = header === 'x-user-id' ? placeholder('b/admin') : value
    yield { ...own(scene, endpoint, { operator: 'header that names a business' }), headers: { [header]: named } }
  }
  for (const name of BUSINESS_NAMES) {
    yield { ...own(scene, endpoint, { operator: 'parameter that names a business' }), query: [[name, victim]] }
    if (endpoint.body === null) continue
    // With as little else as can be: a key to a row of the attacker would be refused in the victim's business.
    for (const given of [scene.body(endpoint), scene.leastBody(endpoint)]) {
      const body = { ...given, [name]: victim }
      yield own(scene, endpoint, { operator: 'body that names a business', body })
    }
  }
}

/** Ids where a body takes any: of businesses, of people, of rows. */
function* foreignIdsInBodies(scene: Scene, endpoint: Endpoint): Generator<Attack> {
  const ids = [placeholder('business/b'), placeholder('business/c'), placeholder('business/d'), placeholder('b/admin')]
  for (const member of writable(endpoint.body?.serializer.members ?? [])) {
    if (member.kind.name !== 'uuid') continue
    for (const client of LIVING) {
      for (const id of [...ids, ...scene.foreign('b').slice(0, 1).map(idOf), scene.nobody]) {
        const body = { ...scene.body(endpoint), [member.name]: id }
        yield { ...own(scene, endpoint, { operator: 'foreign id in the body', body }), client }
      }
    }
  }
}

/** Fields that the kit keeps, and nested objects where ids belong. */
function* strayFields(scene: Scene, endpoint: Endpoint): Generator<Attack> {
  const { model, body } = endpoint
  if (body === null) return
  const foreign = model ? scene.foreign('b', model) : scene.foreign('b')
  const [row] = foreign
  if (row) {
    yield own(scene, endpoint, { operator: 'id in the body', body: { ...scene.body(endpoint), id: idOf(row) } })
    yield {
      ...own(scene, endpoint, { operator: 'idempotency key of another business' }),
      headers: { 'idempotency-key': idOf(row) },
    }
  }
  const taken = new Set(writable(body.serializer.members).map(({ name }) => name))
  for (const { name, kind, origin, settings } of model?.columns.values() ?? []) {
    // The model says so, whatever a serializer makes of it.
    const isKept = origin !== 'declared' || settings.readOnly === true
    if (taken.has(name) && !isKept) continue
    const stray = { ...scene.body(endpoint), [name]: kind.name === 'uuid' ? placeholder('business/b') : kind.example }
    yield own(scene, endpoint, {
      operator: 'field that the kit keeps',
      body: stray,
      ...(model && { expects: REFUSED }),
    })
  }
  for (const member of writable(body.serializer.members)) {
    const [id] = scene.targets('b', member)
    if (id === undefined) continue
    for (const nested of [{ id }, [id], { id, business_id: placeholder('business/b') }]) {
      const nesting = { ...scene.body(endpoint), [member.name]: nested }
      yield own(scene, endpoint, { operator: 'nested body', body: nesting })
    }
  }
}

function* manyAtOnce(scene: Scene, endpoint: Endpoint): Generator<Attack> {
  if (endpoint.body === null) return
  const ids = endpoint.model ? scene.rows('b', endpoint.model).map(idOf) : []
  for (const client of LIVING) {
    const many = [scene.body(endpoint), ...ids.map((id) => ({ ...scene.body(endpoint), id }))]
    yield { ...own(scene, endpoint, { operator: 'many at once', body: many }), client }
    yield { ...own(scene, endpoint, { operator: 'many at once', body: { ids } }), client }
  }
}

interface OwnRequest {
  readonly operator: string
  readonly body?: unknown
  readonly expects?: readonly number[]
}

/** A request of the strongest client about a row of its own. */
function own(scene: Scene, endpoint: Endpoint, { operator, body, expects }: OwnRequest): Attack {
  return {
    operator,
    endpoint,
    client: endsTheClient(endpoint) ? 'a/ended' : STRONGEST,
    path: filledPath(endpoint, scene.ownKeys(endpoint)[0] ?? scene.nobody),
    query: [],
    body: body ?? scene.body(endpoint),
    ...(expects !== undefined && { expects }),
  }
}
