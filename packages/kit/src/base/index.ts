export { ApiError, type ApiErrorOptions, type FieldErrors, type Meta, validationError } from './api-error.ts'
export { type Clock, systemClock } from './clock.ts'
export { ERROR_CODES, type ErrorCode } from './error-codes.ts'
export {
  addExact,
  type ExactNumber,
  exactText,
  negated,
  readExact,
  shareOf,
  timesExact,
  withPlaces,
} from './exact-number.ts'
export { isId, newId } from './ids.ts'
export { RecentMap } from './recent-map.ts'
export { SecretBox } from './secret-box.ts'
