import { envelopeText } from '../http/index.ts'
import type { Action } from './action.ts'
import { checkedObject } from './detail-endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import { inputParser } from './parse-input.ts'
import { represent } from './represent.ts'
import { idOf } from './viewset-context.ts'
import { endpointBase, operationOf, type ViewSetPlace } from './viewset-place.ts'

/** The endpoint of a viewset's own action: `POST …/{id}/archive/` or `GET …/summary/`. */
export function actionEndpoint(place: ViewSetPlace, name: string, action: Action): Endpoint {
  const { method = 'POST', path = name, message, response, body } = action
  const base = endpointBase(place, action.detail ? 'update' : 'list')
  return {
    ...base,
    method,
    path: `${place.path}${action.detail ? ':id/' : ''}${path.replace(/\/$/, '')}/`,
    operation: operationOf(place, name),
    action: name,
    permission: action.permission ?? base.permission,
    summary: action.summary,
    description: action.description ?? null,
    parameters: [],
    body: body ? { serializer: body, isPartial: false } : null,
    answer: {
      status: 200,
      serializer: response ?? null,
      shape: response ? 'object' : 'null',
      message: message ?? null,
    },
    errors: action.errors ?? [],
    handle: handlerOf(place, name, action),
  }
}

function handlerOf(place: ViewSetPlace, name: string, action: Action): Endpoint['handle'] {
  const { body, response, message } = action
  const parse = body ? inputParser({ serializer: body, isPartial: false, hasDefaults: true }) : null
  const permission = action.permission ?? endpointBase(place, action.detail ? 'update' : 'list').permission
  return async (request) => {
    const { ctx, principal } = request
    const parts = action.detail ? { id: idOf(place.store, place.set, request), permission, action: name } : null
    const row = parts ? await checkedObject(place, request, parts) : null
    const call = { ctx, principal, request, body: parse ? parse(request.body) : {} }
    // as: a row of this model, which was found
    const output: unknown = action.detail ? await action.run(row as never, call) : await action.run(call)
    // as: a serializer's output is an object of its fields
    const data = response ? await represent(response, output as Readonly<Record<string, unknown>>) : null
    return envelopeText(JSON.stringify(data), { requestId: request.requestId, message })
  }
}
