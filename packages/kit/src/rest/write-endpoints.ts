import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuseObject } from '../auth/index.ts'
import { ApiError } from '../base/index.ts'
import {
  type Context,
  columnNamed,
  type DriverValue,
  insertRows,
  type RawValue,
  type RowObject,
  updateRow,
} from '../db/index.ts'
import { envelopeText } from '../http/index.ts'
import { answerRow, checkedObject } from './detail-endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import { assertSeen, expectedVersion, sendVersion, versionErrors } from './expected-version.ts'
import { jsonOfRows, partedValues, writeLinks } from './linked-ids.ts'
import { ALL_FIELDS } from './list-parameters.ts'
import type { ModelOutput } from './model-output.ts'
import { type InputValues, inputParser } from './parse-input.ts'
import { hookCall, idOf, writeCall } from './viewset-context.ts'
import { endpointBase, type ViewSetPlace } from './viewset-place.ts'
import { withArticle } from './with-article.ts'

export function createEndpoint(place: ViewSetPlace): Endpoint {
  const { set, outputs } = place
  const base = endpointBase(place, 'create')
  const serializer = outputs.serializerOf('create')
  const parse = inputParser({ serializer, isPartial: false, hasDefaults: false })
  const message = set.options.messages?.create ?? 'Created successfully'
  return {
    ...base,
    method: 'POST',
    path: place.path,
    summary: `Create ${withArticle(set.model.verboseName)}`,
    parameters: [],
    body: { serializer, isPartial: false },
    answer: { status: 201, serializer, shape: 'object', message },
    errors: set.model.unique.length > 0 ? ['conflict'] : [],
    handle: async (request, reply) => {
      const values = await validated(place, request, parse(request.body))
      if (base.permission.needsObject) assertMayCreate(base, request, values)
      return answerCreated(place, { request, reply, values, message })
    },
  }
}

function assertMayCreate(
  { permission, action }: Pick<Endpoint, 'permission' | 'action'>,
  request: FastifyRequest,
  values: InputValues,
): void {
  const row = { ...values, created_by: request.principal?.userId ?? null }
  const refusal = refuseObject(permission, { principal: request.principal, action, method: 'POST' }, row)
  if (refusal) throw refusal
}

interface Created {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly values: InputValues
  readonly message: string
}

async function answerCreated(place: ViewSetPlace, { request, reply, values, message }: Created): Promise<string> {
  const { set, outputs } = place
  const output = outputs.of('create', ALL_FIELDS)
  const { performCreate } = set.options
  const { own, links } = partedValues(set.model, values)
  if (!performCreate && output.expansions.length === 0 && output.links.length === 0 && links.size === 0) {
    const [row] = await insertRows(request.ctx, set.model, { rows: [values], returning: ['id', ...output.columns] })
    const [id, ...raw] = row ?? []
    reply.code(201).header('location', `${place.path}${String(id)}/`)
    sendVersion(reply, set.model, { columns: output.columns, row: raw })
    return envelopeText(await output.json([raw], false), { requestId: request.requestId, message })
  }
  const make = async (ctx: Context): Promise<{ readonly id: unknown }> => {
    const made = performCreate
      ? await performCreate(own as never, { ...writeCall(request), ctx }) // as: the parser took them by this model's fields
      : { id: (await insertRows(ctx, set.model, { rows: [own], returning: ['id'] }))[0]?.[0] }
    await writeLinks(ctx, set.model, { id: encodedId(place, made.id), links })
    return made
  }
  const made = links.size === 0 ? await make(request.ctx) : await request.ctx.transaction(make)
  const key =
    set.options.lookup === undefined ? made.id : (made as Readonly<Record<string, unknown>>)[set.options.lookup] // as: a row
  const id = encodedId(place, key)
  reply.code(201).header('location', `${place.path}${String(key)}/`)
  return answerRow(place, request, { id, output, message, reply })
}

const encodedId = ({ set, store }: ViewSetPlace, id: unknown): DriverValue =>
  columnNamed(set.model, set.options.lookup ?? 'id').kind.encode(id, store.database.dialect)

export function updateEndpoints(place: ViewSetPlace): readonly [Endpoint, Endpoint] {
  return [updateEndpoint(place, 'update'), updateEndpoint(place, 'partial_update')]
}

function updateEndpoint(place: ViewSetPlace, action: 'update' | 'partial_update'): Endpoint {
  const { set, store, outputs } = place
  const base = endpointBase(place, action)
  const serializer = outputs.serializerOf(action)
  const isPartial = action === 'partial_update'
  const parse = inputParser({ serializer, isPartial, hasDefaults: false })
  const message = set.options.messages?.[action] ?? 'Updated successfully'
  return {
    ...base,
    method: isPartial ? 'PATCH' : 'PUT',
    path: `${place.path}:id/`,
    summary: `${isPartial ? 'Change some fields of' : 'Update'} ${withArticle(set.model.verboseName)}`,
    parameters: [],
    body: { serializer, isPartial },
    answer: { status: 200, serializer, shape: 'object', message },
    expectsVersion: set.model.hasVersion,
    errors: [...(set.model.unique.length > 0 ? (['conflict'] as const) : []), ...versionErrors(set.model)],
    handle: async (request, reply) => {
      const id = idOf(store, set, request)
      const { version, body } = expectedVersion(set.model, request)
      const looks = set.options.performUpdate || set.options.filterRows || base.permission.needsObject
      const row = looks ? await checkedObject(place, request, { id, permission: base.permission, action }) : null
      const values = await validated(place, request, parse(body))
      const output = outputs.of(action, ALL_FIELDS)
      if (set.options.performUpdate && row) {
        assertSeen(row, version)
        await performUpdate(place, request, { id, row, values, version })
        return answerRow(place, request, { id, output, message, reply })
      }
      return answerUpdated(place, request, { id, values, version, output, message, reply })
    },
  }
}

interface Performed {
  readonly id: DriverValue
  readonly row: RowObject
  readonly values: InputValues
  readonly version: number | undefined
}

async function performUpdate(
  { set }: ViewSetPlace,
  request: FastifyRequest,
  { id, row, values, version }: Performed,
): Promise<void> {
  const { own, links } = partedValues(set.model, values)
  const perform = async (ctx: Context): Promise<void> => {
    await set.options.performUpdate?.(row as never, own as never, { ...writeCall(request), ctx, version }) // as: of this model
    const isTouched = links.size > 0 && Object.keys(own).length === 0
    if (isTouched) await updateRow(ctx, set.model, { id, values: own, returning: ['id'], isTouched })
    await writeLinks(ctx, set.model, { id, links })
  }
  await (links.size === 0 ? perform(request.ctx) : request.ctx.transaction(perform))
}

interface Updated {
  readonly id: DriverValue
  readonly values: InputValues
  readonly version: number | undefined
  readonly output: ModelOutput
  readonly message: string
  readonly reply: FastifyReply
}

async function answerUpdated(
  place: ViewSetPlace,
  request: FastifyRequest,
  { id, values, version, output, message, reply }: Updated,
): Promise<string> {
  const { columns, expansions } = output
  const { model } = place.set
  const { own, links } = partedValues(model, values)
  const update = async (ctx: Context): Promise<RawValue[]> => {
    const isTouched = links.size > 0
    const changed = await updateRow(ctx, model, { id, values: own, version, returning: columns, isTouched })
    if (!changed) throw new ApiError('not_found')
    await writeLinks(ctx, model, { id, links })
    return changed
  }
  const row = links.size === 0 ? await update(request.ctx) : await request.ctx.transaction(update)
  if (expansions.length > 0) return answerRow(place, request, { id, output, message, reply })
  sendVersion(reply, model, { columns, row })
  const json = await jsonOfRows(hookCall(request), model, output, { rows: [row], hasCount: false })
  return envelopeText(json, { requestId: request.requestId, message })
}

async function validated({ set }: ViewSetPlace, request: FastifyRequest, values: InputValues): Promise<InputValues> {
  return set.options.validate ? set.options.validate(values, hookCall(request)) : values
}
