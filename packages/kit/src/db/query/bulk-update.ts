import { type RawBuilder, sql } from 'kysely'
import { validationError } from '../../base/index.ts'
import type { DialectName, DriverValue } from '../dialects/index.ts'
import { Problem } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed } from '../models/index.ts'
import { type Cleaned, cleanUpdate, encodedValue, type Values } from './clean-values.ts'
import { checkForeignKeys, holdingTargets } from './foreign-key-check.ts'
import { padded } from './padded.ts'
import type { QueryScope } from './query-scope.ts'
import { runWrite } from './refusal.ts'
import { hasHooks } from './run-hooks.ts'
import { Slot } from './slot.ts'
import { stampUpdate, updateRow } from './update-rows.ts'

export interface ChangedRow {
  /** The id in the database's form. */
  readonly id: DriverValue
  readonly set: Cleaned
}

/**
 * Gives many rows values of their own, in statements of some hundred rows, all or none; tells how many rows there were.
 *
 * @throws {ApiError} `validation_failed` or `conflict`
 */
export async function bulkUpdateRows(
  ctx: QueryScope,
  model: AnyModel,
  { rows, fields }: { readonly rows: readonly Values[]; readonly fields: readonly string[] },
): Promise<number> {
  if (fields.length === 0) throw new TypeError('bulkUpdate() needs the names of the fields that it changes')
  if (rows.length === 0) return 0
  const changed = cleanRows(ctx, model, { rows, fields })
  const values = changed.map(({ set }) => set)
  const columns = fields.map((name) => columnNamed(model, name))
  const sets = (column: Column): boolean => values.some((set) => (set.get(column) ?? null) !== null)
  const write = async (within: QueryScope): Promise<number> => {
    await checkForeignKeys(within, model, values)
    return writeChangedRows(within, model, { rows: changed, columns })
  }
  return holdingTargets(ctx, model, { sets, write })
}

function cleanRows(
  { store }: QueryScope,
  model: AnyModel,
  { rows, fields }: { readonly rows: readonly Values[]; readonly fields: readonly string[] },
): ChangedRow[] {
  const errors: Record<string, readonly string[]> = {}
  const { kind } = columnNamed(model, 'id')
  const seen = new Set<string>()
  const changed = rows.map((row, at) => {
    const id: unknown = row.id === undefined ? new Problem('This field is required.') : kind.parse(row.id)
    if (id instanceof Problem) errors[`${at}.id`] = id.messages
    else if (seen.has(String(id))) errors[`${at}.id`] = ['This record is given twice.']
    else seen.add(String(id))
    const given = Object.fromEntries(fields.map((name) => [name, row[name]]))
    for (const name of fields) if (row[name] === undefined) errors[`${at}.${name}`] = ['This field is required.']
    const result = cleanUpdate(model, given)
    for (const [name, messages] of Object.entries(result.errors)) errors[`${at}.${name}`] = messages
    return { id: id instanceof Problem ? null : kind.encode(id, store.database.dialect), set: result.values }
  })
  if (Object.keys(errors).length > 0) throw validationError(errors)
  return changed
}

interface ChangedRows {
  readonly rows: readonly ChangedRow[]
  readonly columns: readonly Column[]
}

/** Values of one statement at the most; SQLite takes 32,766. */
const MAX_VALUES = 30_000
const MOST_ROWS = 512

/** Writes rows that are checked already, those of them that are not deleted. */
export async function writeChangedRows(
  ctx: QueryScope,
  model: AnyModel,
  { rows, columns }: ChangedRows,
): Promise<number> {
  if (hasHooks(ctx, model, 'update')) return writeWithHooks(ctx, model, { rows, columns })
  const size = Math.max(1, Math.min(MOST_ROWS, Math.floor(MAX_VALUES / (columns.length * 2 + 1))))
  const write = async (within: QueryScope): Promise<number> => {
    let written = 0
    for (let at = 0; at < rows.length; at += size) {
      written += await writeChunk(within, model, { rows: rows.slice(at, at + size), columns })
    }
    return written
  }
  return rows.length > size ? ctx.transaction(write) : write(ctx)
}

/** One by one, since the hooks may give the rows other values. */
function writeWithHooks(ctx: QueryScope, model: AnyModel, { rows, columns }: ChangedRows): Promise<number> {
  return ctx.transaction(async (tx) => {
    let written = 0
    for (const { id, set } of rows) {
      const values = Object.fromEntries(columns.map((column) => [column.name, set.get(column) ?? null]))
      if (await updateRow(tx, model, { id, values, returning: ['id'] })) written++
    }
    return written
  })
}

async function writeChunk(ctx: QueryScope, model: AnyModel, parts: ChangedRows): Promise<number> {
  const { columns } = parts
  const { dialect } = ctx.store.database
  const rows = padded(parts.rows)
  const stamps: Cleaned = new Map()
  stampUpdate(ctx, model, stamps)
  stamps.delete(columnNamed(model, 'id'))
  if (model.hasVersion) stamps.delete(columnNamed(model, 'version'))
  const key = `bulk update ${model.label} ${columns.map(({ name }) => name).join()} ${rows.length}`
  const plan = ctx.store.plan(key, ctx.reach, () =>
    bulkStatement(ctx, model, { columns, stamped: [...stamps.keys()], count: rows.length }),
  )
  const values = [
    ctx.business,
    ...rows.map(({ id }) => id),
    ...columns.flatMap((column) => rows.map(({ set }) => encodedValue(column, set.get(column), dialect))),
    ...Array.from(stamps, ([column, value]) => encodedValue(column, value, dialect)),
  ]
  return (await runWrite(model, () => ctx.executor.execute(plan.statement, plan.bind(values)))).affected
}

interface BulkShape {
  readonly columns: readonly Column[]
  readonly stamped: readonly Column[]
  readonly count: number
}

function bulkStatement({ store }: QueryScope, model: AnyModel, { columns, stamped, count }: BulkShape) {
  const { dialect } = store.database
  let next = 1
  const slots = (): Slot[] => Array.from({ length: count }, () => new Slot(next++))
  const ids = slots()
  const chosen = columns.map((column) => {
    const cases = slots().map((slot, at) => sql`when ${ids[at]} then ${typed(slot, column, dialect)}`)
    return [column.column, sql`case ${sql.ref('t0.id')} ${sql.join(cases, sql` `)} end`] as const
  })
  const stamps = stamped.map(({ column }) => [column, sql`${new Slot(next++)}`] as const)
  const version = model.hasVersion ? [['version', sql`${sql.ref('t0.version')} + 1`] as const] : []
  const update = store.builder
    .updateTable(`${model.table} as t0`)
    .set(Object.fromEntries([...chosen, ...stamps, ...version]))
    .where(sql<boolean>`${sql.ref('t0.id')} in (${sql.join(ids)})`)
  const alive = model.hasSoftDelete ? update.where(sql<boolean>`${sql.ref('t0.deleted_at')} is null`) : update
  return alive.toOperationNode()
}

/** PostgreSQL takes a choice of parameters for a text unless it is told. */
const typed = (slot: Slot, { kind }: Column, dialect: DialectName): RawBuilder<unknown> =>
  dialect === 'postgresql'
    ? sql`cast(${slot} as ${sql.raw(kind.columnType(dialect).replace(/ collate .*/, ''))})`
    : sql`${slot}`
