import { ApiError } from '../../base/index.ts'
import type { DatabaseError } from '../dialects/index.ts'
import { arithmeticOf } from '../fields/index.ts'
import type { Column } from '../models/index.ts'

/** What the client is told when a value that the database worked out cannot be; null where it is about something else. */
export function reckonedRefusal(error: DatabaseError, reckoned: readonly Column[]): ApiError | null {
  if (reckoned.length === 0 || (error.kind !== 'invalid_value' && error.kind !== 'not_null')) return null
  const named = reckoned.filter(({ column }) => error.columns.includes(column))
  const errors = (named.length > 0 ? named : reckoned).map((column) => [column.name, [rangeMessage(error, column)]])
  return new ApiError('validation_failed', { errors: Object.fromEntries(errors), cause: error })
}

function rangeMessage(error: DatabaseError, { kind }: Column): string {
  if (error.kind === 'not_null') return 'This field may not be null.'
  const { lowest, highest } = arithmeticOf(kind) ?? { lowest: null, highest: null }
  if (lowest === null || highest === null) return 'The value would be out of range.'
  return `Ensure this value is between ${lowest} and ${highest}.`
}
