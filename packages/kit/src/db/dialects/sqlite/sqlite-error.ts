import { DatabaseError, type DatabaseErrorDetails, type DatabaseErrorKind } from '../database-error.ts'

/** What node:sqlite adds to its errors; `errcode` is SQLite's extended result code. */
interface SqliteFields {
  readonly message: string
  readonly code?: string
  readonly errcode?: number
}

// https://www.sqlite.org/rescode.html
const KINDS: Readonly<Record<number, DatabaseErrorKind>> = {
  275: 'check',
  787: 'foreign_key',
  1299: 'not_null',
  1555: 'unique',
  2067: 'unique',
  2579: 'unique',
  3091: 'invalid_value',
}

const KINDS_BY_PRIMARY_CODE: Readonly<Record<number, DatabaseErrorKind>> = {
  5: 'unavailable', // busy
  6: 'unavailable', // locked
  10: 'unavailable', // input or output
  11: 'unavailable', // corrupt
  13: 'unavailable', // disk full
  14: 'unavailable', // cannot open
  18: 'invalid_value', // too big
  20: 'invalid_value', // mismatch
  25: 'syntax', // more parameters than the statement has
  26: 'unavailable', // not a database
}

const BUSY_CODE = 5
const READ_ONLY_CODE = 8

export function toDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error
  const fields: SqliteFields = error
  const details = detailsOf(fields)
  return details === null ? error : new DatabaseError(error.message, { ...details, cause: error })
}

export function isReadOnlyError(error: unknown): boolean {
  return primaryCodeOf(error) === READ_ONLY_CODE
}

/** Another process is writing. */
export function isBusyError(error: unknown): boolean {
  return primaryCodeOf(error) === BUSY_CODE
}

export function isOutOfRangeError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE'
}

function primaryCodeOf(error: unknown): number | null {
  if (!(error instanceof DatabaseError) || !(error.cause instanceof Error)) return null
  const { errcode = 0 }: SqliteFields = error.cause
  return errcode & 0xff
}

function detailsOf({ message, code, errcode }: SqliteFields): DatabaseErrorDetails | null {
  if (code === 'ERR_INVALID_STATE') return { kind: 'unavailable' }
  if (code === 'ERR_INVALID_ARG_VALUE') return { kind: message.includes('no statements') ? 'syntax' : 'invalid_value' }
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined) return null
  const kind = KINDS[errcode] ?? KINDS_BY_PRIMARY_CODE[errcode & 0xff]
  return kind === undefined ? { kind: kindOfMessage(message) } : { kind, ...namesIn(message, kind) }
}

/** SQLite has one code for every mistake in a statement: only the message tells them apart. */
function kindOfMessage(message: string): DatabaseErrorKind {
  // `on delete restrict` reports as a trigger would.
  if (message === 'FOREIGN KEY constraint failed') return 'foreign_key'
  if (message.startsWith('no such table')) return 'missing_table'
  if (
    /syntax error|^no such |incomplete input|unrecognized token|wrong number of arguments|has \d+ columns/.test(message)
  ) {
    return 'syntax'
  }
  if (/^malformed JSON|^integer overflow|pattern too complex/.test(message)) return 'invalid_value'
  return 'other'
}

/** `UNIQUE constraint failed: client.business_id, client.email`, or for an index on expressions `: index 'name'`. */
function namesIn(message: string, kind: DatabaseErrorKind): Partial<DatabaseErrorDetails> {
  const failed = message.match(/constraint failed: (.+)$/)?.[1]
  if (failed === undefined) return {}
  const index = failed.match(/^index '(.+)'$/)?.[1]
  if (index !== undefined) return { constraint: index }
  if (kind === 'check') return { constraint: failed }
  const places = failed.split(', ').map((place) => place.split('.'))
  const table = places[0]?.[0]
  return { columns: places.map((place) => place.at(-1) ?? ''), ...(table !== undefined && { table }) }
}
