import { sql } from 'kysely'
import { validationError } from '../../base/index.ts'
import type { DriverValue, Outcome, RawValue } from '../dialects/index.ts'
import { storedMoment } from '../fields/index.ts'
import { type AnyModel, columnNamed } from '../models/index.ts'
import { type Cleaned, cleanUpdate, encodedValue, type Values } from './clean-values.ts'
import { type Condition, shapeOf } from './condition.ts'
import { slotsOf, wheres } from './condition-sql.ts'
import { checkForeignKeys } from './foreign-key-check.ts'
import { JoinedTables } from './joined-tables.ts'
import type { QueryScope } from './query-scope.ts'
import { readBack } from './read-back.ts'
import { runWrite } from './refusal.ts'
import { chunksOf, oneOf } from './select-rows.ts'
import { type DeletedRows, valuesOfConditions } from './select-spec.ts'
import { Slot } from './slot.ts'
import type { Store } from './store.ts'

/** Checks the values of a change, and notes who makes it and when. @throws {ApiError} `validation_failed` */
export async function cleanedUpdate(ctx: QueryScope, model: AnyModel, given: Values): Promise<Cleaned> {
  const { values, errors } = cleanUpdate(model, given)
  if (Object.keys(errors).length > 0) throw validationError(errors)
  await checkForeignKeys(ctx, model, [values])
  if (values.size > 0) stampUpdate(ctx, model, values)
  return values
}

export interface UpdateOneParts {
  readonly values: Values
  readonly id: DriverValue
  readonly returning: readonly string[]
}

/** Changes one row that is not deleted and gives the wanted columns back; null if there is no such row. */
export async function updateRow(
  ctx: QueryScope,
  model: AnyModel,
  { values, id, returning }: UpdateOneParts,
): Promise<RawValue[] | null> {
  const set = await cleanedUpdate(ctx, model, values)
  const conditions = [oneOf(ctx, model, { key: 'id', values: [id] })]
  const parts = { set, conditions, deleted: 'without' } as const
  if (set.size > 0 && ctx.store.database.dialect !== 'mysql') {
    const { rows } = await runUpdate(ctx, model, { ...parts, returning })
    return rows[0] ?? null
  }
  if (set.size > 0 && (await writeWhere(ctx, model, parts)) === 0) return null
  const [row] = await readBack(ctx, model, { ids: [id], returning, deleted: 'without' })
  return row ?? null
}

/** Notes who changes a row and when. */
export function stampUpdate(ctx: QueryScope, model: AnyModel, values: Cleaned): void {
  if (model.scope === 'global') return
  values.set(columnNamed(model, 'updated_at'), storedMoment(new Date(ctx.store.clock.now())))
  values.set(columnNamed(model, 'updated_by'), ctx.actor)
}

export interface WriteParts {
  readonly set: Cleaned
  /** Conditions on the model's own columns. */
  readonly conditions: readonly Condition[]
  readonly deleted: DeletedRows
}

/** Sets columns of the rows that meet conditions, in one statement, and tells of how many. */
export async function writeWhere(ctx: QueryScope, model: AnyModel, parts: WriteParts): Promise<number> {
  return (await runUpdate(ctx, model, { ...parts, returning: [] })).affected
}

export interface WriteByKeyParts {
  readonly set: Cleaned
  /** The column that holds one of `ids`: the id, or a foreign key. */
  readonly key: string
  readonly ids: readonly DriverValue[]
  readonly deleted: DeletedRows
}

/** Sets columns of rows found by a key, all or none, and tells of how many. */
export async function writeRows(ctx: QueryScope, model: AnyModel, parts: WriteByKeyParts): Promise<number> {
  const { set, key, deleted } = parts
  const chunks = chunksOf(parts.ids)
  const write = async (within: QueryScope): Promise<number> => {
    let written = 0
    for (const values of chunks) {
      written += await writeWhere(within, model, { set, conditions: [oneOf(ctx, model, { key, values })], deleted })
    }
    return written
  }
  return chunks.length > 1 ? ctx.transaction(write) : write(ctx)
}

interface ReturningParts extends WriteParts {
  readonly returning: readonly string[]
}

function runUpdate(ctx: QueryScope, model: AnyModel, parts: ReturningParts): Promise<Outcome> {
  const { dialect } = ctx.store.database
  const columns = [...parts.set.keys()]
  const names = columns.map(({ name }) => name).join()
  const wanted = parts.conditions.map(shapeOf).join('&')
  const key = `update ${model.label} ${names} ?${wanted} ${parts.deleted} ${parts.returning.join()}`
  const plan = ctx.store.plan(key, ctx.reach, () => updateStatement(ctx.store, model, parts))
  const set = columns.map((column) => encodedValue(column, parts.set.get(column), dialect))
  const values = [ctx.business, ...set, ...valuesOfConditions(parts.conditions)]
  return runWrite(model, () => ctx.executor.execute(plan.statement, plan.bind(values)))
}

function updateStatement(store: Store, model: AnyModel, { set, conditions, deleted, returning }: ReturningParts) {
  const tables = new JoinedTables(store.registry, model, 't')
  const values = Object.fromEntries(
    [...set.keys()].map((column, at) => [column.column, sql`${new Slot(1 + at)}`] as const),
  )
  let update = store.builder.updateTable(`${model.table} as ${tables.base}`).set(values)
  const place = { tables, slots: slotsOf(conditions, 1 + set.size), dialect: store.database.dialect }
  for (const where of wheres({ model, conditions, deleted }, place)) update = update.where(where)
  const columns = returning.map((name) => columnNamed(model, name).column)
  return (columns.length > 0 ? update.returning(columns) : update).toOperationNode()
}
