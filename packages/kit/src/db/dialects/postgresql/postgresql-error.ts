import { DatabaseError, type DatabaseErrorKind } from '../database-error.ts'

/** The fields of an error that the server sent, or those of an error of the network. */
interface ServerFields {
  readonly message?: string
  readonly code?: string
  readonly constraint?: string
  readonly table?: string
  readonly column?: string
  readonly detail?: string
}

const KINDS: Readonly<Record<string, DatabaseErrorKind>> = {
  '23001': 'foreign_key',
  '23502': 'not_null',
  '23503': 'foreign_key',
  '23505': 'unique',
  '23514': 'check',
  '23P01': 'check',
  '25P03': 'unavailable',
  '26000': 'conflict',
  '3D000': 'unavailable',
  '42P01': 'missing_table',
  '42501': 'other',
  '55P03': 'conflict',
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const KINDS_BY_CLASS: Readonly<Record<string, DatabaseErrorKind>> = {
  '08': 'unavailable',
  '22': 'invalid_value',
  '28': 'unavailable',
  '40': 'conflict',
  '42': 'syntax',
  '53': 'unavailable',
  '54': 'invalid_value',
  '57': 'unavailable',
  '58': 'unavailable',
}

const SQLSTATE = /^[0-9A-Z]{5}$/

export function toDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError || error instanceof TypeError) return error
  const fields: ServerFields = error
  const columns = fields.column === undefined ? columnsOfKey(fields.detail) : [fields.column]
  // Where several addresses were tried in vain, only the code tells what happened.
  return new DatabaseError(error.message || String(fields.code), {
    kind: kindOf(fields),
    columns,
    cause: error,
    ...(fields.constraint !== undefined && { constraint: fields.constraint }),
    ...(fields.table !== undefined && { table: fields.table }),
  })
}

/** The statement was prepared before its table changed, or by another user of a shared connection: prepare it again. */
export function isStaleStatement(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, message }: ServerFields = error
  if (code === '26000' || code === '42P05') return true
  return code === '0A000' && message !== undefined && message.includes('cached plan')
}

function kindOf({ code, message }: ServerFields): DatabaseErrorKind {
  // Without an SQLSTATE the error is the driver's or the network's: there is no connection.
  if (code === undefined || !SQLSTATE.test(code)) return 'unavailable'
  if (code === '0A000' && message?.includes('cached plan')) return 'conflict'
  return KINDS[code] ?? KINDS_BY_CLASS[code.slice(0, 2)] ?? 'other'
}

/** The columns in `Key (business_id, email)=(1, a@b.c) already exists.`, unless an expression is among them. */
function columnsOfKey(detail: string | undefined): string[] {
  const listed = detail?.match(/^Key \(([\w, "]+)\)=/)?.[1]
  return listed === undefined ? [] : listed.split(', ').map((column) => column.replaceAll('"', ''))
}
