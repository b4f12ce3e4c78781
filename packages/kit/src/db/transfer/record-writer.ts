import { newId } from '../../base/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import { Problem, storedMoment } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed } from '../models/index.ts'
import {
  type Cleaned,
  type Context,
  encodedValue,
  insertCleaned,
  omittedValue,
  oneOf,
  plainSpec,
  selectRows,
  writeWhere,
} from '../query/index.ts'
import { TransferError } from './transfer-record.ts'
import { isTransferred } from './transferred-columns.ts'

/** A row that is to be as its record says. */
export interface WantedRow {
  /** Null: the database, or the kit, gives it one. */
  readonly id: unknown
  readonly values: ReadonlyMap<Column, unknown>
}

/** Makes the rows that are not there yet, and changes those that are. `ctx` stands in their business. */
export async function writeRecords(ctx: Context, model: AnyModel, rows: readonly WantedRow[]): Promise<void> {
  const present = await presentIds(ctx, model, rows)
  const isPresent = ({ id }: WantedRow): boolean => id !== null && present.has(String(encodedId(ctx, model, id)))
  for (const alike of byColumns(
    ctx,
    model,
    rows.filter((row) => !isPresent(row)),
  )) {
    await insertCleaned(ctx, model, { columns: alike.columns, rows: alike.rows, returning: ['id'] })
  }
  for (const row of rows.filter(isPresent)) await changeRow(ctx, model, row)
}

/** Sets columns of one row, whether it is in the bin or not. */
export async function changeRow(ctx: Context, model: AnyModel, { id, values }: WantedRow): Promise<void> {
  const set: Cleaned = new Map([...values].filter(([column]) => column.origin !== 'business'))
  if (set.size === 0) return
  const conditions = [oneOf(ctx, model, { key: 'id', values: [encodedId(ctx, model, id)] })]
  await writeWhere(ctx, model, { set, conditions, deleted: 'with' })
}

async function presentIds(ctx: Context, model: AnyModel, rows: readonly WantedRow[]): Promise<ReadonlySet<string>> {
  const ids = rows.flatMap(({ id }) => (id === null ? [] : [encodedId(ctx, model, id)]))
  if (ids.length === 0) return new Set()
  const conditions = [oneOf(ctx, model, { key: 'id', values: ids })]
  const found = await selectRows(ctx, { ...plainSpec(model), columns: ['id'], conditions, deleted: 'with' })
  return new Set(found.map(([id]) => String(id)))
}

function encodedId(ctx: Context, model: AnyModel, id: unknown): DriverValue {
  return encodedValue(columnNamed(model, 'id'), id, ctx.store.database.dialect)
}

interface Alike {
  readonly columns: readonly Column[]
  readonly rows: Cleaned[]
}

/** New rows with everything filled in, those with the same columns together. */
function byColumns(ctx: Context, model: AnyModel, rows: readonly WantedRow[]): Alike[] {
  const groups = new Map<string, Alike>()
  for (const row of rows) {
    const full = completed(ctx, model, row)
    const columns = [...model.columns.values()].filter((column) => full.has(column))
    const key = columns.map(({ name }) => name).join()
    const group = groups.get(key) ?? { columns, rows: [] }
    group.rows.push(full)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function valueLeftOut(model: AnyModel, column: Column): unknown {
  const value = omittedValue(column)
  if (!(value instanceof Problem)) return value
  throw new TransferError(`${model.label.toLowerCase()}: ${column.name}: ${value.messages.join(' ')}`)
}

/** What an older record lacks: the defaults of fields, and what the kit keeps of a new row. */
function completed(ctx: Context, model: AnyModel, { id, values }: WantedRow): Cleaned {
  const full: Cleaned = new Map(values)
  const now = storedMoment(new Date(ctx.store.clock.now()))
  for (const column of model.columns.values()) {
    if (full.has(column) || !isTransferred(column)) continue
    if (column.origin === 'declared') full.set(column, valueLeftOut(model, column))
    else if (column.name === 'created_at' || column.name === 'updated_at') full.set(column, now)
    else if (column === model.columns.get('version')) full.set(column, 1)
  }
  if (id !== null) full.set(columnNamed(model, 'id'), id)
  else if (model.idKind === 'uuid') full.set(columnNamed(model, 'id'), newId())
  return full
}
