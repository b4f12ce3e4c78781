import type { Column } from '../models/index.ts'

/**
 * Whether a column is a part of a record's `fields`: all are but the id, which has a place of its own, and what the database
 * computes from the others.
 */
export function isTransferred({ origin, settings }: Column): boolean {
  return origin !== 'id' && !settings.generated
}
