import type { FastifyRequest } from 'fastify'
import { ApiError, ERROR_CODES, type ErrorCode, type FieldErrors } from '../base/index.ts'

const TRY_AGAIN = { 'retry-after': '1' }

/** What the client is told of an error, whoever threw it. Of one that nobody foresaw it is told nothing but that. */
export function apiErrorOf(error: unknown, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) return error
  if (!(error instanceof Error)) return new ApiError('internal_error', { cause: error })
  if (error.name === 'DatabaseError' && 'kind' in error) return databaseRefusal(error, error.kind)
  if ('code' in error && typeof error.code === 'string' && error.code.startsWith('FST_ERR_')) {
    const refusal = FRAMEWORK_REFUSALS[error.code]
    if (refusal !== undefined) return refusal(error, request)
  }
  const status = 'statusCode' in error ? error.statusCode : undefined
  return new ApiError(codeOfStatus(status), { cause: error })
}

/** The kinds of `DatabaseError` that a request or its moment may cause; the others are faults of the server. */
function databaseRefusal(error: Error, kind: unknown): ApiError {
  switch (kind) {
    case 'unique':
    case 'foreign_key':
      return new ApiError('conflict', { cause: error })
    case 'invalid_value':
    case 'check':
      return new ApiError('bad_request', { message: 'A value is out of range or of the wrong type.', cause: error })
    case 'conflict':
    case 'unavailable':
      return new ApiError('service_unavailable', { headers: TRY_AGAIN, cause: error })
    default:
      return new ApiError('internal_error', { cause: error })
  }
}

const FRAMEWORK_REFUSALS: Readonly<Record<string, (error: Error, request: FastifyRequest) => ApiError>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: (cause, request) => unsupportedMediaType(request, cause),
  FST_ERR_CTP_BODY_TOO_LARGE: (cause) => new ApiError('payload_too_large', { cause }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: (cause) =>
    new ApiError('parse_error', { message: 'The body is not as long as its Content-Length says.', cause }),
  FST_ERR_BAD_URL: (cause) =>
    new ApiError('parse_error', { message: 'Malformed address: it is not percent-encoded UTF-8.', cause }),
  FST_ERR_MAX_PARAM_LENGTH: (cause) => new ApiError('uri_too_long', { cause }),
  FST_ERR_VALIDATION: (cause) => new ApiError('validation_failed', { errors: schemaErrors(cause), cause }),
  FST_ERR_HANDLER_TIMEOUT: (cause) => new ApiError('service_unavailable', { headers: TRY_AGAIN, cause }),
}

const LONGEST_ECHO = 100

function unsupportedMediaType(request: FastifyRequest, cause: Error): ApiError {
  const given = (request.headers['content-type'] ?? '').slice(0, LONGEST_ECHO)
  return new ApiError('unsupported_media_type', { message: `Unsupported media type "${given}" in request.`, cause })
}

interface SchemaFault {
  readonly instancePath: string
  readonly message?: string
}

function schemaErrors(error: Error): FieldErrors {
  // Fastify's `FST_ERR_VALIDATION` carries the faults of its schema validator.
  const { validation = [] } = error as { validation?: readonly SchemaFault[] }
  const errors: Record<string, string[]> = Object.create(null)
  for (const { instancePath, message = 'Invalid value.' } of validation) {
    const path = instancePath.slice(1).replaceAll('/', '.') || 'non_field_errors'
    errors[path] = [...(errors[path] ?? []), message]
  }
  return errors
}

const CODES_BY_STATUS: ReadonlyMap<number, ErrorCode> = new Map(
  // The entries come from this very table. The first code of a status is its general one.
  (Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => [ERROR_CODES[code].status, code] as const).toReversed(),
)

/** What a library says by `statusCode` alone: its words are not ours to pass on. */
function codeOfStatus(status: unknown): ErrorCode {
  if (typeof status !== 'number' || status < 400) return 'internal_error'
  return CODES_BY_STATUS.get(status) ?? (status < 500 ? 'bad_request' : 'internal_error')
}
