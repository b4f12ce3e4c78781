import assert from 'node:assert/strict'
import type { Endpoint } from '../rest/index.ts'
import type { Intruder } from './intruder.ts'
import { keyAttempts, sampleBody, unknownId } from './isolation-bodies.ts'
import { isDetail, type Resource } from './resources.ts'
import type { SampleRow } from './sample-values.ts'
import type { TestResponse } from './test-client.ts'

/** Tries every endpoint of a resource on rows of the victim. @throws {AssertionError} naming the first that gives way */
export async function checkIsolation(resource: Resource, intruder: Intruder): Promise<void> {
  const { model, endpoints } = resource
  const { samples, victim } = intruder
  const row = await samples.newRow(victim, model)
  const deleted = model.hasSoftDelete ? await deletedRow(resource, intruder) : null
  const before = await everyRow(resource, intruder)
  await assertVictimSees(resource, intruder, row)
  for (const endpoint of endpoints) {
    const rows = deleted === null ? [row] : [row, deleted]
    for (const attacked of rows) await assertOutOfReach(endpoint, resource, { intruder, row: attacked })
    if (endpoint.action === 'create') await assertKeysAreRefused(endpoint, intruder)
  }
  assert.deepEqual(await everyRow(resource, intruder), before, `A row of the victim was changed: ${resource.path}`)
}

interface Attack {
  readonly intruder: Intruder
  readonly row: SampleRow
}

async function deletedRow({ model }: Resource, { app, samples, victim }: Intruder): Promise<SampleRow> {
  const row = await samples.newRow(victim, model)
  // as: the filter of a model that is known at run time
  const deleted = await app
    .context(victim)
    .query(model)
    .filter({ id: row.id } as never)
    .delete()
  assert.equal(deleted, 1)
  return row
}

function everyRow({ model }: Resource, { app, victim }: Intruder): Promise<object[]> {
  const all = app.context(victim).query(model).orderBy('id')
  return model.hasSoftDelete ? all.withDeleted().all() : all.all()
}

/** Without this, an endpoint that answers 404 to everybody would pass. */
async function assertVictimSees({ endpoints, path }: Resource, { victimClient }: Intruder, row: SampleRow) {
  if (!endpoints.some(({ action }) => action === 'retrieve')) return
  const seen = await victimClient.send('GET', `${path}${row.id}/`)
  assert.equal(seen.status, 200, `The victim cannot read its own row: ${seen.text}`)
}

async function assertOutOfReach(endpoint: Endpoint, resource: Resource, attack: Attack): Promise<void> {
  if (isDetail(endpoint)) return assertUnknown(endpoint, attack)
  if (endpoint.method === 'GET') return assertAbsent(endpoint, resource, attack)
  return assertOwnOnly(endpoint, attack)
}

/** What is done to no row in particular is done to those of the intruder. */
async function assertOwnOnly(endpoint: Endpoint, { intruder, row }: Attack): Promise<void> {
  const body = await sampleBody(endpoint, intruder)
  const answer = await intruder.client.send(endpoint.method, endpoint.path, body === null ? {} : { body })
  const name = `${endpoint.method} ${endpoint.path}`
  assert.ok(answer.status < 500, `${name}: ${answer.text}`)
  assert.ok(!answer.text.includes(String(row.id)), `${name} shows another business's row: ${answer.text}`)
}

/** One id that is the victim's, one that is nobody's: the answers must not differ in a byte. */
async function assertUnknown(endpoint: Endpoint, { intruder, row }: Attack): Promise<void> {
  const body = await sampleBody(endpoint, intruder)
  const foreign = await attempt(intruder, endpoint, { id: row.id, body })
  const unknown = await attempt(intruder, endpoint, { id: unknownId(row.id), body })
  const name = `${endpoint.method} ${endpoint.path}`
  assert.equal(unknown.status, 404, `${name} of an unknown id: ${unknown.text}`)
  assert.equal(foreign.status, 404, `${name} of another business: ${foreign.text}`)
  assert.equal(foreign.text, unknown.text, `${name} tells another business's row from none`)
}

interface Attempt {
  readonly id: string | bigint
  readonly body: unknown
}

/** The request id is given, so that even its bytes are the same. */
const SAME_REQUEST_ID = { 'x-request-id': 'isolation' }

function attempt({ client }: Intruder, { method, path }: Endpoint, { id, body }: Attempt): Promise<TestResponse> {
  return client.send(method, path.replace(':id', String(id)), {
    headers: SAME_REQUEST_ID,
    ...(body !== null && { body }),
  })
}

/** A list, and everything else that is read without an id, by every way to narrow it to the victim's row. */
async function assertAbsent(endpoint: Endpoint, resource: Resource, { intruder, row }: Attack): Promise<void> {
  for (const query of ['', ...narrowings(endpoint, resource, row)]) {
    const name = `${endpoint.method} ${endpoint.path}${query}`
    const answer = await intruder.client.send('GET', `${endpoint.path}${query}`)
    assert.equal(answer.status, 200, `${name}: ${answer.text}`)
    assert.ok(!answer.text.includes(String(row.id)), `${name} shows another business's row: ${answer.text}`)
  }
}

function narrowings({ parameters }: Endpoint, { model }: Resource, row: SampleRow): string[] {
  const names = new Set(parameters.map(({ name }) => name))
  const has = (name: string, value: string): string[] =>
    names.has(name) ? [`?${name}=${encodeURIComponent(value)}`] : []
  const byValue = [...model.columns.values()].flatMap(({ name, kind }) => {
    const value = textOf(row[name])
    if (value === null) return []
    const search = kind.searchable ? has('search', value) : []
    return [...has(name, value), ...has(`${name}__in`, value), ...has(`${name}__gte`, value), ...search]
  })
  return [...byValue, ...has('deleted', 'with'), ...has('deleted', 'only')]
}

/** The value as a parameter has it; null for one that none can have. */
function textOf(value: unknown): string | null {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' || value === undefined || value === '' ? null : String(value)
}

/** A foreign key to a row of the victim is refused in the words for one to no row at all. */
async function assertKeysAreRefused(endpoint: Endpoint, intruder: Intruder): Promise<void> {
  for (const { field, foreignId, unknownId, body } of await keyAttempts(endpoint, intruder)) {
    const send = async (id: string): Promise<TestResponse> => {
      const request = { headers: SAME_REQUEST_ID, body: { ...body, [field]: id } }
      return intruder.client.send('POST', endpoint.path, request)
    }
    const foreign = await send(foreignId)
    const unknown = await send(unknownId)
    assert.equal(foreign.status, 400, `${endpoint.path} takes another business's ${field}: ${foreign.text}`)
    const told = foreign.text.replaceAll(foreignId, 'ID')
    assert.equal(told, unknown.text.replaceAll(unknownId, 'ID'), `${endpoint.path} tells another's ${field} from none`)
  }
}
