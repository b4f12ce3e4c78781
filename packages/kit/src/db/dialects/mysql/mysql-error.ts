import { DatabaseError, type DatabaseErrorDetails, type DatabaseErrorKind } from '../database-error.ts'

/** What mysql2 adds to its errors: the server's number and SQLSTATE, or the code of a network error. */
interface MysqlFields {
  readonly message: string
  readonly code?: string
  readonly errno?: number
  readonly sqlState?: string
  readonly fatal?: boolean
}

const DEADLOCK = 1213

// https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html and https://mariadb.com/kb/en/mariadb-error-code-reference/
const NUMBERS: Readonly<Partial<Record<DatabaseErrorKind, readonly number[]>>> = {
  unique: [1062, 1586, 1859],
  foreign_key: [1216, 1217, 1451, 1452, 1761, 1762],
  not_null: [1048, 1263, 1364],
  check: [3819, 4025],
  invalid_value: [1118, 1139, 1153, 1264, 1265, 1292, 1300, 1366, 1367, 1406, 1411, 1690, 3140, 3141, 3685, 3692],
  conflict: [1020, 1205, DEADLOCK, 1412, 3572],
  unavailable: [
    1040, 1044, 1045, 1049, 1053, 1129, 1130, 1158, 1159, 1160, 1161, 1203, 1226, 1290, 1317, 1836, 1927, 1969, 2006,
    2013, 3024, 4031,
  ],
  missing_table: [1051, 1146],
  syntax: [1054, 1055, 1064, 1065, 1109, 1149, 1210, 1305, 1582, 3065],
}

const KINDS = new Map(
  Object.entries(NUMBERS).flatMap(([kind, numbers]) =>
    // The keys of the table are kinds; `Object.entries` forgets that.
    numbers.map((number): [number, DatabaseErrorKind] => [number, kind as DatabaseErrorKind]),
  ),
)

export function toDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError || error instanceof TypeError) return error
  const fields: MysqlFields = error
  // Where several addresses were tried in vain, only the code tells what happened.
  return new DatabaseError(error.message || String(fields.code), {
    kind: kindOf(fields),
    ...namesIn(error.message),
    cause: error,
  })
}

/** After a deadlock or on a lost connection the server has rolled back: what follows would run outside the transaction. */
export function hasEndedTransaction(error: unknown): boolean {
  if (!(error instanceof DatabaseError) || !(error.cause instanceof Error)) return false
  const { errno, fatal }: MysqlFields = error.cause
  return errno === DEADLOCK || fatal === true
}

function kindOf({ errno, sqlState }: MysqlFields): DatabaseErrorKind {
  // Without an SQLSTATE the error is the driver's or the network's: there is no connection.
  if (errno === undefined || sqlState === undefined) return 'unavailable'
  const kind = KINDS.get(errno)
  if (kind !== undefined) return kind
  if (sqlState.startsWith('22')) return 'invalid_value'
  if (sqlState.startsWith('40')) return 'conflict'
  return sqlState.startsWith('08') ? 'unavailable' : 'other'
}

/** The server tells names only in the text of its message. */
function namesIn(message: string): Partial<DatabaseErrorDetails> {
  return keyIn(message) ?? constraintIn(message) ?? columnIn(message) ?? {}
}

/** `Duplicate entry 'a' for key 'client_email'`; MySQL 8 puts the table's name before the key's. */
function keyIn(message: string): Partial<DatabaseErrorDetails> | null {
  const key = message.match(/^Duplicate entry [\s\S]* for key '([^']+)'$/)?.[1]
  if (key === undefined) return null
  const [constraint = key, table] = key.split('.').reverse()
  return { constraint, ...(table !== undefined && { table }) }
}

/** A foreign key, as ``(`shop`.`client`, CONSTRAINT `client_owner` FOREIGN KEY …)``, or a check. */
function constraintIn(message: string): Partial<DatabaseErrorDetails> | null {
  const foreign = message.match(/\(`[^`]+`\.`([^`]+)`, CONSTRAINT `([^`]+)`/)
  if (foreign?.[1] !== undefined && foreign[2] !== undefined) return { table: foreign[1], constraint: foreign[2] }
  const check = message.match(/^(?:CONSTRAINT `|Check constraint ')([^`']+)[`'] (?:failed|is violated)/)?.[1]
  return check === undefined ? null : { constraint: check.split('.').at(-1) ?? check }
}

/** `Column 'name' cannot be null`, `Data too long for column 'name' at row 1`. */
function columnIn(message: string): Partial<DatabaseErrorDetails> | null {
  // The last place that looks like a name is the server's: values from outside stand before it.
  const column = message.match(/^[\s\S]*(?:[Cc]olumn|Field) [`'](?:[^']*`)?([^'`]+)[`']/)?.[1]
  return column === undefined ? null : { columns: [column] }
}
