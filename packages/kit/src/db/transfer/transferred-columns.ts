import type { Column } from '../models/index.ts'

/** Whether a column is a part of a record's `fields`: all are but the id, which has a place of its own. */
export function isTransferred({ origin }: Column): boolean {
  return origin !== 'id'
}
