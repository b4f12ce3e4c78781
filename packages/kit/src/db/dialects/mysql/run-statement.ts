import mysql, { type Connection, type FieldPacket, type QueryError, type ResultSetHeader } from 'mysql2'
import type { ColumnInfo, DriverValue, Outcome, RawValue, Statement } from '../dialect.ts'
import { isWritingVerb, statementVerb } from '../statement-verb.ts'
import { boundValues } from './bound-values.ts'
import { toDatabaseError } from './mysql-error.ts'

type Answer = RawValue[][] | ResultSetHeader

const NO_COLUMNS: readonly ColumnInfo[] = []

// mysql2's own table of the protocol's type names, by number; its types tell the reverse only.
const TYPE_NAMES = mysql.Types as unknown as Readonly<Record<number, string>>

/**
 * Runs one statement. Values never become part of the text: mysql2 would quote them with backslashes,
 * which this session reads as plain characters.
 */
export function runStatement(
  connection: Connection,
  statement: Statement,
  params: readonly DriverValue[],
): Promise<Outcome> {
  const { sql } = statement
  const isOneOff = statement.name === undefined
  return new Promise((resolve, reject) => {
    const settle = (error: QueryError | null, answer: unknown, fields: FieldPacket[]) => {
      // Kept by mysql2 until now, in the place of a statement that will be used again.
      if (isOneOff && params.length > 0) connection.unprepare(sql)
      if (error) reject(toDatabaseError(error))
      // With `rowsAsArray` rows are arrays; a statement without rows answers with a header.
      else resolve(outcomeOf(sql, answer as Answer, fields))
    }
    if (isOneOff && params.length === 0) connection.query(sql, settle)
    else connection.execute(sql, boundValues(params), settle)
  })
}

function outcomeOf(sql: string, answer: Answer, fields: FieldPacket[] | undefined): Outcome {
  if (Array.isArray(answer)) {
    const affected = answer.length > 0 && isWritingVerb(statementVerb(sql)) ? answer.length : 0
    return { rows: answer, columns: (fields ?? []).map(columnInfo), affected, insertId: null }
  }
  // Statements that alter a table count the rows they copied.
  const affected = answer.affectedRows > 0 && isWritingVerb(statementVerb(sql)) ? Number(answer.affectedRows) : 0
  const insertId = BigInt(answer.insertId)
  return { rows: [], columns: NO_COLUMNS, affected, insertId: insertId === 0n ? null : insertId }
}

function columnInfo(field: FieldPacket): ColumnInfo {
  const { name, columnType, orgTable, orgName } = field
  return {
    name,
    type: TYPE_NAMES[columnType ?? -1] ?? null,
    ...(orgTable && orgName ? { source: { table: orgTable, column: orgName } } : {}),
  }
}
