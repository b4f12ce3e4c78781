import { newId } from '../../../base/index.ts'
import {
  type Database,
  type DialectName,
  type DriverValue,
  EVERY_BUSINESS,
  type RawValue,
} from '../../dialects/index.ts'
import { isForeignKey } from '../../fields/index.ts'
import type { AnyModel, Column } from '../../models/index.ts'
import { introspect } from '../introspection/index.ts'
import { KINDS } from './random-kinds.ts'

const MOMENT = '2026-01-01T00:00:00Z'
const BUSINESS = '0198f3a0-5b7c-7d2e-8f10-3c5a9e1b2d99'

/**
 * Two rows for each model, told apart by their `code`; what is optional is null in one of them. A row points to those
 * that came before it, of which the first points to the first and the second to the second. A third is in the bin, where
 * there is one.
 */
export async function insertRows(database: Database, models: readonly AnyModel[], serial: number): Promise<void> {
  const ids = new Map<string, DriverValue[]>()
  for (const model of models) {
    const made: DriverValue[] = []
    ids.set(model.label, made)
    for (const row of [1, 2]) made.push(await insertRow(model, { row, serial, database, ids }))
    if (model.hasSoftDelete) await insertRow(model, { row: 3, serial, database, ids })
  }
}

interface Place {
  readonly row: number
  readonly serial: number
  readonly database: Database
  /** Of the rows that have been made, by the label of their model. */
  readonly ids: ReadonlyMap<string, readonly DriverValue[]>
}

async function insertRow(model: AnyModel, place: Place): Promise<DriverValue> {
  const { database, row, serial } = place
  const cells = [...model.columns.values()].flatMap((column) => cellOf(column, place))
  const marks = cells.map((_cell, index) => mark(database.dialect, index))
  const names = cells.map(([name]) => quoted(name, database.dialect)).join(', ')
  const table = quoted(model.table, database.dialect)
  const executor = database.within(EVERY_BUSINESS)
  await executor.execute(
    { sql: `insert into ${table} (${names}) values (${marks.join(', ')})` },
    cells.map(([, value]) => value),
  )
  const id = cells.find(([name]) => name === 'id')?.[1]
  if (id !== undefined) return id
  const { rows } = await executor.execute(
    { sql: `select id from ${table} where code = ${mark(database.dialect, 0)}` },
    [codeOf(serial, row)],
  )
  return Number(rows[0]?.[0])
}

const mark = (dialect: DialectName, index: number): string => (dialect === 'postgresql' ? `$${index + 1}` : '?')

const quoted = (name: string, dialect: DialectName): string => (dialect === 'mysql' ? `\`${name}\`` : `"${name}"`)

const codeOf = (serial: number, row: number): string => `code ${serial} ${row}`

function cellOf(column: Column, { row, serial, database, ids }: Place): [string, DriverValue][] {
  const { name, kind, settings, origin } = column
  const encoded = (value: unknown): [string, DriverValue][] => [
    [column.column, kind.encode(kind.parse(value), database.dialect)],
  ]
  if (settings.generated) return []
  if (name === 'id') return kind.name === 'bigInteger' ? [] : encoded(newId())
  if (origin === 'business') return encoded(BUSINESS)
  if (name === 'code') return encoded(codeOf(serial, row))
  if (name === 'version') return encoded(row)
  if (origin === 'deletion') return row === 3 && name === 'deleted_at' ? encoded(MOMENT) : []
  if (name === 'created_at' || name === 'updated_at') return encoded(MOMENT)
  if (isForeignKey(kind)) {
    const known = ids.get(kind.targetLabel) ?? []
    const id = known[row - 1] ?? known[0]
    return id === undefined ? [] : [[column.column, id]]
  }
  const sample = Object.values(KINDS).find(({ make }) => make({}).kind.name === kind.name)?.sample
  if ((settings.nullable && row === 1) || sample === undefined)
    return settings.nullable ? [] : encoded(settings.defaultValue)
  return encoded(sample(row))
}

/** The ids of the rows that are not in the bin. Those there go for good when it is given up. */
export const aliveIds = (rows: ReadonlyMap<string, TextRow> | undefined): string[] =>
  [...(rows ?? [])].filter(([, { deleted_at: deleted = 'null' }]) => deleted === 'null').map(([id]) => id)

/** The rows of each table by their ids, as texts by their columns. */
export type Rows = ReadonlyMap<string, ReadonlyMap<string, TextRow>>
export type TextRow = Readonly<Record<string, string>>

export async function rowsOf(database: Database): Promise<Rows> {
  const all = new Map<string, ReadonlyMap<string, TextRow>>()
  for (const { name, columns } of await introspect(database, database.dialect)) {
    // What the kit keeps for its keys on MySQL has two underscores.
    const names = columns.map((column) => column.name).filter((column) => !column.includes('__'))
    const { rows } = await database
      .within(EVERY_BUSINESS)
      .execute({ sql: `select ${names.join(', ')} from ${name} order by id` })
    all.set(name, new Map(rows.map((row) => [String(row[names.indexOf('id')]), textRow(names, row)])))
  }
  return all
}

const textRow = (names: readonly string[], row: readonly RawValue[]): TextRow =>
  Object.fromEntries(names.map((name, index) => [name, String(row[index])]))
