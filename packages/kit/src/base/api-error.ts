import { ERROR_CODES, type ErrorCode } from './error-codes.ts'

/** Messages by field path (`email`, `items.0.qty`), or `non_field_errors`. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>

/** What an answer may tell in `meta`. */
export type Meta = { readonly [name: string]: MetaValue }
type MetaValue = string | number | boolean | null | readonly MetaValue[] | Meta

export interface ApiErrorOptions {
  readonly message?: string
  readonly errors?: FieldErrors
  readonly headers?: Readonly<Record<string, string>>
  /** What the answer tells beside the request id in `meta`. */
  readonly meta?: Meta
  readonly cause?: unknown
}

/**
 * A refusal that the client is told about, in the error envelope. Status and default message come from the code.
 *
 * @example
 * throw new ApiError('conflict', { errors: { email: ['Client with this email already exists.'] } })
 */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly errors: FieldErrors
  readonly headers: Readonly<Record<string, string>>
  readonly meta: Meta

  constructor(code: ErrorCode, { message, errors = {}, headers = {}, meta = {}, cause }: ApiErrorOptions = {}) {
    super(message ?? ERROR_CODES[code].message, { cause })
    this.name = 'ApiError'
    this.code = code
    this.status = ERROR_CODES[code].status
    this.errors = errors
    this.headers = headers
    this.meta = meta
  }
}

/** The refusal of an input of which each bad field has its messages. */
export function validationError(errors: FieldErrors, { cause }: { readonly cause?: unknown } = {}): ApiError {
  return new ApiError('validation_failed', { errors, ...(cause === undefined ? {} : { cause }) })
}
