import { ERROR_CODES } from '../base/index.ts'
import type { Json, JsonSchema } from '../db/index.ts'
import type { AnswerShape } from '../rest/index.ts'
import type { Components } from './components.ts'

export const EXAMPLE_REQUEST_ID = '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d47'

/** The envelope of an answer around the schema of its data, kept under a name. */
export function successEnvelope(
  components: Components,
  name: string,
  { data, shape }: { readonly data: JsonSchema; readonly shape: AnswerShape['shape'] },
): JsonSchema {
  const isMany = shape === 'list' || shape === 'page'
  return components.schema(name, {
    type: 'object',
    properties: {
      data: isMany ? { type: 'array', items: data } : data,
      message: { type: 'string', description: 'For people to read.' },
      meta: shape === 'page' ? pageMeta(components) : metaSchema(components),
    },
    required: ['data', 'meta'],
  })
}

/** The same for an example. */
export function exampleEnvelope(data: Json, { shape, message }: Pick<AnswerShape, 'shape' | 'message'>): Json {
  const isMany = shape === 'list' || shape === 'page'
  return {
    data: isMany ? [data] : data,
    ...(message === null ? {} : { message }),
    meta: { request_id: EXAMPLE_REQUEST_ID, ...(shape === 'page' ? { pagination: EXAMPLE_PAGINATION } : {}) },
  }
}

/** The envelope of every refusal. */
export function errorEnvelopeSchema(components: Components): JsonSchema {
  return components.schema('ErrorEnvelope', {
    type: 'object',
    description: 'Why a request was refused.',
    properties: {
      data: { type: 'null' },
      message: { type: 'string', description: 'For people to read.' },
      code: components.schema('ErrorCode', {
        type: 'string',
        description: 'For programs to read: it does not change.',
        enum: Object.keys(ERROR_CODES),
      }),
      errors: {
        type: 'object',
        description: 'Messages by field, as in `email` or `items.0.qty`; `non_field_errors` for all together.',
        additionalProperties: { type: 'array', items: { type: 'string' } },
      },
      meta: errorMeta(components),
    },
    required: ['data', 'message', 'code', 'errors', 'meta'],
  })
}

function errorMeta(components: Components): JsonSchema {
  const row = {
    type: 'object',
    properties: { id: { type: 'string' }, display: { type: ['string', 'null'] } },
    required: ['id', 'display'],
  }
  const protector = components.schema('Protector', {
    type: 'object',
    description: 'Rows of one model that point to what was to be deleted.',
    properties: {
      model: { type: 'string' },
      field: { type: 'string', description: 'The field by which they point.' },
      count: { type: 'integer', minimum: 1 },
      rows: { type: 'array', items: row, description: 'Some of them, as far as they may be read.' },
    },
    required: ['model', 'field', 'count', 'rows'],
  })
  const protectedBy = { type: 'array', items: protector, description: 'Of `protected`: what points at the row.' }
  return components.schema('ErrorMeta', {
    type: 'object',
    properties: { request_id: REQUEST_ID, protected_by: protectedBy },
    required: ['request_id'],
  })
}

export function metaSchema(components: Components): JsonSchema {
  return components.schema('Meta', { type: 'object', properties: { request_id: REQUEST_ID }, required: ['request_id'] })
}

const REQUEST_ID = { type: 'string', description: 'The id of the request, as in the header `X-Request-Id`.' }

function pageMeta(components: Components): JsonSchema {
  const pagination = components.schema('Pagination', {
    type: 'object',
    properties: {
      count: {
        type: ['integer', 'null'],
        minimum: 0,
        description: 'Rows on all pages; null if they were not counted.',
      },
      page: { type: 'integer', minimum: 1 },
      page_size: { type: 'integer', minimum: 1 },
      total_pages: { type: ['integer', 'null'], minimum: 1 },
      next: { type: ['string', 'null'], format: 'uri', description: 'The address of the next page.' },
      previous: { type: ['string', 'null'], format: 'uri', description: 'The address of the page before.' },
    },
    required: ['count', 'page', 'page_size', 'total_pages', 'next', 'previous'],
  })
  return components.schema('PageMeta', {
    type: 'object',
    properties: { request_id: REQUEST_ID, pagination },
    required: ['request_id', 'pagination'],
  })
}

const EXAMPLE_PAGINATION = { count: 1, page: 1, page_size: 50, total_pages: 1, next: null, previous: null }
