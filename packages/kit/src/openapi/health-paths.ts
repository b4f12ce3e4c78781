import { ApiError } from '../base/index.ts'
import type { Json, JsonSchema } from '../db/index.ts'
import { errorEnvelope } from '../http/index.ts'
import type { Components } from './components.ts'
import { EXAMPLE_REQUEST_ID, exampleEnvelope, metaSchema, successEnvelope } from './envelope-schemas.ts'
import { refusalResponses } from './error-responses.ts'
import { headerReferences } from './headers.ts'
import type { MediaType, Operation, PathItem } from './open-api-types.ts'

/** The endpoints by which a load balancer knows whether the server lives and is ready. */
export function healthPaths(components: Components): Record<string, PathItem> {
  return { '/api/health/live': { get: live(components) }, '/api/health/ready': { get: ready(components) } }
}

const json = (media: MediaType) => ({ 'application/json': media })

function live(components: Components): Operation {
  const data = { type: 'object', properties: { status: { type: 'string', const: 'ok' } }, required: ['status'] }
  const schema = successEnvelope(components, 'LiveResponse', { data, shape: 'object' })
  return {
    operationId: 'health_live',
    tags: ['health'],
    summary: 'Tell whether the server lives',
    description: 'It does as long as this answers.',
    responses: {
      200: answer('It lives.', schema, exampleAnswer({ status: 'ok' })),
      ...refusalResponses(components, []),
    },
    security: [],
  }
}

function ready(components: Components): Operation {
  const states = components.schema('HealthStates', {
    type: 'object',
    description: 'The state of each thing that the server needs.',
    additionalProperties: { type: 'string', enum: ['ok', 'down', 'not configured'] },
  })
  const refusal = errorEnvelope(new ApiError('service_unavailable'), EXAMPLE_REQUEST_ID)
  const isDown: Json = { ...refusal, errors: {}, data: { database: 'down' } }
  return {
    operationId: 'health_ready',
    tags: ['health'],
    summary: 'Tell whether the server is ready for requests',
    description: 'It is not while something that it needs is down, or while it stops.',
    responses: {
      ...refusalResponses(components, []),
      200: answer(
        'It is ready.',
        successEnvelope(components, 'ReadyResponse', { data: states, shape: 'object' }),
        exampleAnswer({ database: 'ok', redis: 'not configured' }),
      ),
      503: {
        ...answer('It is not ready.', notReadySchema(components, states), isDown),
        headers: headerReferences(['Retry-After']),
      },
    },
    security: [],
  }
}

const exampleAnswer = (data: Json): Json => exampleEnvelope(data, { shape: 'object', message: null })

function answer(description: string, schema: JsonSchema, example: Json) {
  return { description, headers: headerReferences([]), content: json({ schema, example }) }
}

function notReadySchema(components: Components, states: JsonSchema): JsonSchema {
  return components.schema('NotReadyResponse', {
    type: 'object',
    properties: {
      data: states,
      message: { type: 'string' },
      code: { type: 'string', const: 'service_unavailable' },
      errors: { type: 'object' },
      meta: metaSchema(components),
    },
    required: ['data', 'message', 'code', 'errors', 'meta'],
  })
}
