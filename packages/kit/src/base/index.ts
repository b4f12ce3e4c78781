export { ApiError, type ApiErrorOptions, type FieldErrors, validationError } from './api-error.ts'
export { type Clock, systemClock } from './clock.ts'
export { ERROR_CODES, type ErrorCode } from './error-codes.ts'
export { isId, newId } from './ids.ts'
