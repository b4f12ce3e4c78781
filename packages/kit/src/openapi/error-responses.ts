import { STATUS_CODES } from 'node:http'
import { ERROR_CODES, type ErrorCode, type FieldErrors } from '../base/index.ts'
import type { JsonSchema } from '../db/index.ts'
import { errorEnvelope } from '../http/index.ts'
import type { Endpoint } from '../rest/index.ts'
import { openTo } from './access.ts'
import type { Components } from './components.ts'
import { EXAMPLE_REQUEST_ID, errorEnvelopeSchema } from './envelope-schemas.ts'
import { type HeaderName, headerReferences } from './headers.ts'
import type { Example, Reference } from './open-api-types.ts'
import { pascal } from './serializer-schemas.ts'

/** The refusals of an endpoint by their status, and `default` for those that may meet any request. */
export function errorResponses(endpoint: Endpoint, components: Components): Record<string, Reference> {
  const { body, upload, path, answer, errors } = endpoint
  return refusalResponses(components, [
    ...(body || upload ? (['payload_too_large', 'unsupported_media_type'] as const) : []),
    ...accessRefusals(endpoint),
    ...(path.includes(':') || answer.shape === 'page' ? (['not_found'] as const) : []),
    ...errors,
    'throttled',
    'internal_error',
    'service_unavailable',
  ])
}

const OF_ANY_REQUEST = ['validation_failed', 'parse_error', 'bad_request', 'invalid_host'] as const

/** Refusals by their status, after those that any request may meet. */
export function refusalResponses(components: Components, codes: readonly ErrorCode[]): Record<string, Reference> {
  const byStatus = Map.groupBy(new Set<ErrorCode>([...OF_ANY_REQUEST, ...codes]), (code) => ERROR_CODES[code].status)
  const statuses = [...byStatus].sort(([one], [other]) => one - other)
  return {
    ...Object.fromEntries(statuses.map(([status, grouped]) => [status, errorResponse(components, status, grouped)])),
    default: otherRefusals(components),
  }
}

function accessRefusals(endpoint: Endpoint): ErrorCode[] {
  if (openTo(endpoint) === 'everyone') return []
  const { permission, model, method } = endpoint
  return [
    'not_authenticated',
    'token_not_valid',
    'bad_authorization_header',
    'permission_denied',
    ...(method === 'GET' ? [] : (['csrf_failed'] as const)),
    ...(permission.needsBusiness || model?.scope === 'business' ? (['business_required'] as const) : []),
  ]
}

const EXAMPLE_ERRORS: { readonly [Code in ErrorCode]?: FieldErrors } = {
  validation_failed: { email: ['Enter a valid email address.'] },
}

const HEADERS_OF: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After'],
}

function errorResponse(components: Components, status: number, codes: readonly ErrorCode[]): Reference {
  return components.response(codes.join(), () => ({
    name: nameOf(status, codes),
    response: {
      description: codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].message.replace(/\.$/, '')}.`).join(' '),
      headers: headerReferences(HEADERS_OF[status] ?? []),
      content: {
        'application/json': { schema: schemaOf(components, codes), examples: Object.fromEntries(codes.map(exampleOf)) },
      },
    },
  }))
}

/** A single refusal gives its name; several have that of their status. */
function nameOf(status: number, codes: readonly ErrorCode[]): string {
  const [only] = codes.length === 1 ? codes : []
  return pascal(only ?? STATUS_CODES[status] ?? String(status))
}

function schemaOf(components: Components, codes: readonly ErrorCode[]): JsonSchema {
  const codeSchema = { type: 'object', properties: { code: { type: 'string', enum: codes } } }
  return { allOf: [errorEnvelopeSchema(components), codeSchema] }
}

function exampleOf(code: ErrorCode): [ErrorCode, Example] {
  const { message } = ERROR_CODES[code]
  const envelope = errorEnvelope({ code, message, errors: EXAMPLE_ERRORS[code] ?? {} }, EXAMPLE_REQUEST_ID)
  return [code, { value: { ...envelope, errors: { ...envelope.errors } } }]
}

function otherRefusals(components: Components): Reference {
  return components.response('other', () => ({
    name: 'Refusal',
    response: {
      description: 'Any other refusal, in the same form.',
      headers: headerReferences([]),
      content: { 'application/json': { schema: errorEnvelopeSchema(components) } },
    },
  }))
}
