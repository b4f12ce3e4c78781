import { newId } from '../../../base/index.ts'
import { type Database, type DriverValue, EVERY_BUSINESS, type RawValue } from '../../dialects/index.ts'
import { isForeignKey } from '../../fields/index.ts'
import type { AnyModel, Column } from '../../models/index.ts'
import { introspect } from '../introspection/index.ts'
import { KINDS } from './random-models.ts'

const BUSINESS = '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d99'

/** Two rows for each model, told apart by their `code`; what is optional is null in one of them. */
export async function insertRows(database: Database, models: readonly AnyModel[], serial: number): Promise<void> {
  for (const model of models) {
    for (const row of [1, 2]) {
      const cells = [...model.columns.values()].flatMap((column) => cellOf(column, { row, serial, database }))
      const marks = cells.map((_cell, index) => (database.dialect === 'postgresql' ? `$${index + 1}` : '?'))
      const quote = database.dialect === 'mysql' ? '`' : '"'
      const names = cells.map(([name]) => `${quote}${name}${quote}`).join(', ')
      await database.within(EVERY_BUSINESS).execute(
        { sql: `insert into ${quote}${model.table}${quote} (${names}) values (${marks.join(', ')})` },
        cells.map(([, value]) => value),
      )
    }
  }
}

interface Place {
  readonly row: number
  readonly serial: number
  readonly database: Database
}

function cellOf(column: Column, { row, serial, database }: Place): [string, DriverValue][] {
  const { name, kind, settings } = column
  const encoded = (value: unknown): [string, DriverValue][] => [
    [column.column, kind.encode(kind.parse(value), database.dialect)],
  ]
  if (settings.generated) return []
  if (name === 'id') return kind.name === 'bigInteger' ? [] : encoded(newId())
  if (name === 'business') return encoded(BUSINESS)
  if (name === 'code') return encoded(`code ${serial} ${row}`)
  // Rows in the bin go for good when it is given up.
  if (/^delet/.test(name)) return []
  if (name === 'created_at' || name === 'updated_at') return encoded('2026-01-01T00:00:00Z')
  const isNull = isForeignKey(kind) || (settings.nullable && row === 1)
  const sample = Object.values(KINDS).find(({ make }) => make({}).kind.name === kind.name)?.sample
  if (isNull || sample === undefined) return settings.nullable ? [] : encoded(settings.defaultValue)
  return encoded(sample(row))
}

export interface Rows {
  /** What is in each table. */
  readonly all: ReadonlyMap<string, readonly string[]>
  /** The codes of the rows of each table. */
  readonly codes: ReadonlyMap<string, readonly string[]>
}

export async function rowsOf(database: Database): Promise<Rows> {
  const all = new Map<string, string[]>()
  const codes = new Map<string, string[]>()
  for (const { name, columns } of await introspect(database, database.dialect)) {
    const names = columns.map((column) => column.name).filter((column) => column !== 'is__alive')
    const { rows } = await database
      .within(EVERY_BUSINESS)
      .execute({ sql: `select ${names.join(', ')} from ${name} order by code` })
    all.set(name, rows.map(textOf))
    codes.set(
      name,
      rows.map((row) => String(row[names.indexOf('code')])),
    )
  }
  return { all, codes }
}

const textOf = (row: readonly RawValue[]): string => row.map(String).join(' | ')
