import { bigInteger, datetime, type Field, type IdKind, integer, uuid } from '../fields/index.ts'

type Named = Readonly<Record<string, Field>>

const KEPT = { readOnly: true } as const

export const idField = (kind: IdKind): Named => ({ id: kind === 'uuid' ? uuid(KEPT) : bigInteger(KEPT) })

export const businessField = (): Named => ({ business_id: uuid({ ...KEPT, sensitive: true }) })

export const auditFields = (): Named => ({
  created_at: datetime(KEPT),
  created_by: uuid(KEPT).optional(),
  updated_at: datetime(KEPT),
  updated_by: uuid(KEPT).optional(),
})

/** Counts the changes of a row, from 1. */
export const versionField = (): Named => ({ version: integer({ ...KEPT, min: 1 }) })

export const deletionFields = (): Named => ({
  deleted_at: datetime(KEPT).optional(),
  deleted_by: uuid(KEPT).optional(),
  // The rows that one deletion took share it, so that they come back together.
  deletion_id: uuid(KEPT).optional(),
})
