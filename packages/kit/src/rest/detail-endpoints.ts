import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Permission, refuseObject } from '../auth/index.ts'
import { ApiError } from '../base/index.ts'
import {
  assertVersion,
  type Context,
  type DriverValue,
  deleteRows,
  type Pointing,
  type RowObject,
  restoreRows,
} from '../db/index.ts'
import { envelopeText, type QueryParameters } from '../http/index.ts'
import { readDetailParameters, refuseBody } from './detail-parameters.ts'
import type { Endpoint } from './endpoint.ts'
import { assertSeen, expectedVersion, sendVersion, versionErrors } from './expected-version.ts'
import { jsonOfRows } from './linked-ids.ts'
import { ALL_FIELDS } from './list-parameters.ts'
import type { ModelOutput } from './model-output.ts'
import { outputParameterDocs } from './parameter-docs.ts'
import { namingReadable } from './readable-protectors.ts'
import { hasId, hookCall, idOf, objectFor, rowFor, scopeConditions, writeCall } from './viewset-context.ts'
import { endpointBase, namesOf, type ViewSetPlace } from './viewset-place.ts'
import { withArticle } from './with-article.ts'

/** The row that a request is about, for what must look at it before it acts. @throws {ApiError} `not_found` or `permission_denied` */
export async function checkedObject(
  place: ViewSetPlace,
  request: FastifyRequest,
  { id, permission, action, deleted = 'without' }: CheckedParts,
): Promise<RowObject> {
  const conditions = scopeConditions(place.store, place.set, hookCall(request))
  const row = await objectFor(request.ctx, place.set, { id, conditions, deleted })
  const subject = { principal: request.principal, action, method: request.method }
  const refusal = refuseObject(permission, subject, row)
  if (refusal) throw refusal
  return row
}

interface CheckedParts {
  readonly id: DriverValue
  readonly permission: Permission
  readonly action: string
  readonly deleted?: 'without' | 'only'
}

/** The envelope around one row, read anew for an output. */
export async function answerRow(
  place: ViewSetPlace,
  request: FastifyRequest,
  {
    id,
    output,
    message,
    reply,
  }: {
    readonly id: DriverValue
    readonly output: ModelOutput
    readonly message?: string | undefined
    readonly reply: FastifyReply
  },
): Promise<string> {
  const conditions = scopeConditions(place.store, place.set, hookCall(request))
  const row = await rowFor(request.ctx, place.set, { id, conditions, output })
  sendVersion(reply, place.set.model, { columns: output.columns, row })
  const json = await jsonOfRows(hookCall(request), place.set.model, output, { rows: [row], hasCount: false })
  return envelopeText(json, { requestId: request.requestId, message })
}

export function retrieveEndpoint(place: ViewSetPlace): Endpoint {
  const { set, store, outputs } = place
  const base = endpointBase(place, 'retrieve')
  return {
    ...base,
    method: 'GET',
    path: `${place.path}:id/`,
    summary: `Retrieve ${withArticle(set.model.verboseName)}`,
    parameters: outputParameterDocs(namesOf(place, 'retrieve')),
    expandable: outputs.expandable,
    body: null,
    answer: {
      status: 200,
      serializer: outputs.serializerOf('retrieve'),
      shape: 'object',
      message: set.options.messages?.retrieve ?? null,
    },
    handle: async (request, reply) => {
      const output = outputs.of('retrieve', readDetailParameters(request.query as QueryParameters)) // as: parsed so
      const id = idOf(store, set, request)
      if (base.permission.needsObject)
        await checkedObject(place, request, { id, permission: base.permission, action: 'retrieve' })
      return answerRow(place, request, { id, output, message: set.options.messages?.retrieve, reply })
    },
  }
}

export function destroyEndpoint(place: ViewSetPlace): Endpoint {
  const { set, store } = place
  const base = endpointBase(place, 'destroy')
  const { performDestroy } = set.options
  const message = set.options.messages?.destroy ?? 'Deleted successfully'
  return {
    ...base,
    method: 'DELETE',
    path: `${place.path}:id/`,
    summary: `Delete ${withArticle(set.model.verboseName)}`,
    parameters: [],
    body: null,
    answer: { status: 200, serializer: null, shape: 'null', message },
    expectsVersion: set.model.hasVersion,
    errors: [
      ...(mayBeProtected(store.registry.pointing(set.model)) ? (['protected'] as const) : []),
      ...versionErrors(set.model),
    ],
    handle: async (request) => {
      const id = idOf(store, set, request)
      const { version, body } = expectedVersion(set.model, request)
      refuseBody(body)
      const looks = performDestroy || base.permission.needsObject || set.options.filterRows
      const row = looks
        ? await checkedObject(place, request, { id, permission: base.permission, action: 'destroy' })
        : null
      await namingReadable(place.served, request, async () => {
        if (performDestroy && row) {
          assertSeen(row, version)
          await performDestroy(row as never, { ...writeCall(request), version }) // as: a row of this model
        } else await destroyRow(request.ctx, place, { id, version })
      })
      return envelopeText('null', { requestId: request.requestId, message })
    },
  }
}

/** Whether a deletion may be refused: by a key itself, or by what points to the rows that would go along. */
const mayBeProtected = (pointing: readonly Pointing[]): boolean =>
  pointing.some(({ model, onDelete }) => onDelete !== 'do nothing' && !model.isAutomatic)

interface Destroyed {
  readonly id: DriverValue
  readonly version: number | undefined
}

async function destroyRow(ctx: Context, { set }: ViewSetPlace, { id, version }: Destroyed): Promise<void> {
  const destroy = async (within: Context): Promise<void> => {
    await assertVersion(within, set.model, { id, version })
    if ((await deleteRows(within, set.model, [id])) === 0) throw new ApiError('not_found')
  }
  await (version === undefined ? destroy(ctx) : ctx.transaction(destroy))
}

/** `POST …/{id}/restore/`: takes a row out of the bin. */
export function restoreEndpoint(place: ViewSetPlace): Endpoint {
  const { set, store, outputs } = place
  const base = endpointBase(place, 'restore')
  const { performRestore } = set.options
  const message = set.options.messages?.restore ?? 'Restored successfully'
  return {
    ...base,
    method: 'POST',
    path: `${place.path}:id/restore/`,
    summary: `Restore a deleted ${set.model.verboseName}`,
    parameters: [],
    body: null,
    answer: { status: 200, serializer: outputs.serializerOf('restore'), shape: 'object', message },
    errors: ['conflict'],
    handle: async (request, reply) => {
      const id = idOf(store, set, request)
      const parts = { id, permission: base.permission, action: 'restore', deleted: 'only' } as const
      const row = await checkedObject(place, request, parts)
      if (performRestore)
        await performRestore(row as never, writeCall(request)) // as: a row of this model
      else await restoreRows(request.ctx, set.model, [hasId(store, set, id)])
      return answerRow(place, request, { id, output: outputs.of('restore', ALL_FIELDS), message, reply })
    },
  }
}
