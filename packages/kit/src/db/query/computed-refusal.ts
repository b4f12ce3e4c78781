import { ApiError } from '../../base/index.ts'
import type { DatabaseError } from '../dialects/index.ts'
import type { AnyModel } from '../models/index.ts'

/** What the client is told when a field that the database computes has no room for its value; null otherwise. */
export function computedRefusal(error: DatabaseError, model: AnyModel): ApiError | null {
  const computed = [...model.columns.values()].filter(({ settings }) => settings.generated)
  const broken = computed.filter(({ column }) => isRangeCheck(error.constraint, column))
  const isTooLarge = error.kind === 'invalid_value' || (error.kind === 'check' && broken.length > 0)
  if (computed.length === 0 || !isTooLarge) return null
  const named = computed.filter((column) => broken.includes(column) || error.columns.includes(column.column))
  const errors = (named.length > 0 ? named : computed).map(({ name }) => [name, ['The value would be out of range.']])
  return new ApiError('validation_failed', { errors: Object.fromEntries(errors), cause: error })
}

/** SQLite keeps such columns within their types by checks, which it calls by their text or by the name that it begins with. */
const isRangeCheck = (constraint: string | undefined, column: string): boolean =>
  constraint === column || (constraint?.startsWith(`length("${column}") <= `) ?? false)
