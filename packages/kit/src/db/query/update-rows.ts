import { sql } from 'kysely'
import { validationError } from '../../base/index.ts'
import type { DriverValue, RawValue } from '../dialects/index.ts'
import { storedMoment } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed } from '../models/index.ts'
import { type Cleaned, cleanUpdate, type Values } from './clean-values.ts'
import { checkForeignKeys } from './foreign-key-check.ts'
import { padded } from './padded.ts'
import type { QueryScope } from './query-scope.ts'
import { readBack } from './read-back.ts'
import { runWrite } from './refusal.ts'
import { chunksOf } from './select-rows.ts'
import type { DeletedRows } from './select-spec.ts'
import { Slot } from './slot.ts'

export interface UpdateParts {
  readonly values: Values
  /** Ids in the database's form. */
  readonly ids: readonly DriverValue[]
}

/** Changes rows that are not deleted, and tells how many. @throws {ApiError} `validation_failed` or `conflict` */
export async function updateRows(ctx: QueryScope, model: AnyModel, { values, ids }: UpdateParts): Promise<number> {
  const set = await cleanedUpdate(ctx, model, values)
  if (set.size === 0) return ids.length
  return writeRows(ctx, model, { set, key: 'id', ids, deleted: 'without' })
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
  const parts = { set, key: 'id', ids: [id], deleted: 'without' } as const
  if (set.size > 0 && ctx.store.database.dialect !== 'mysql') {
    const { rows } = await writeChunk(ctx, model, { ...parts, returning })
    return rows[0] ?? null
  }
  if (set.size > 0 && (await writeRows(ctx, model, parts)) === 0) return null
  const [row] = await readBack(ctx, model, { ids: [id], returning, deleted: 'without' })
  return row ?? null
}

async function cleanedUpdate(ctx: QueryScope, model: AnyModel, given: Values): Promise<Cleaned> {
  const { values, errors } = cleanUpdate(model, given)
  if (Object.keys(errors).length > 0) throw validationError(errors)
  await checkForeignKeys(ctx, model, [values])
  if (values.size > 0) stampUpdate(ctx, model, values)
  return values
}

/** Notes who changes a row and when. */
export function stampUpdate(ctx: QueryScope, model: AnyModel, values: Cleaned): void {
  if (model.scope === 'global') return
  values.set(columnNamed(model, 'updated_at'), storedMoment(new Date(ctx.store.clock.now())))
  values.set(columnNamed(model, 'updated_by'), ctx.actor)
}

export interface WriteParts {
  readonly set: Cleaned
  /** The column that holds one of `ids`: the id, or a foreign key. */
  readonly key: string
  readonly ids: readonly DriverValue[]
  readonly deleted: DeletedRows
}

/** Sets columns of rows found by a key, all or none, and tells of how many. */
export async function writeRows(ctx: QueryScope, model: AnyModel, parts: WriteParts): Promise<number> {
  const chunks = chunksOf(parts.ids)
  const write = async (within: QueryScope): Promise<number> => {
    let written = 0
    for (const ids of chunks) written += (await writeChunk(within, model, { ...parts, ids, returning: [] })).affected
    return written
  }
  return chunks.length > 1 ? ctx.transaction(write) : write(ctx)
}

interface WriteChunk extends WriteParts {
  readonly returning: readonly string[]
}

function writeChunk(ctx: QueryScope, model: AnyModel, chunk: WriteChunk) {
  const ids = padded(chunk.ids)
  const columns = [...chunk.set.keys()]
  const names = columns.map(({ name }) => name).join()
  const key = `update ${model.label} ${names} by ${chunk.key}${ids.length} ${chunk.deleted} ${chunk.returning.join()}`
  const plan = ctx.store.plan(key, ctx.reach, () => updateStatement(ctx, model, { ...chunk, ids }))
  const { dialect } = ctx.store.database
  const set = columns.map((column) => encoded(column, chunk.set.get(column), dialect))
  return runWrite(model, () => ctx.executor.execute(plan.statement, plan.bind([ctx.business, ...set, ...ids])))
}

const encoded = (column: Column, value: unknown, dialect: Parameters<Column['kind']['encode']>[1]): DriverValue =>
  value === null || value === undefined ? null : column.kind.encode(value, dialect)

function updateStatement(ctx: QueryScope, model: AnyModel, { set, key, ids, deleted, returning }: WriteChunk) {
  let next = 1
  const slot = () => sql`${new Slot(next++)}`
  const values = Object.fromEntries([...set.keys()].map((column) => [column.column, slot()]))
  let update = ctx.store.builder
    .updateTable(model.table)
    .set(values)
    .where(sql<boolean>`${sql.ref(columnNamed(model, key).column)} in (${sql.join(ids.map(slot))})`)
  if (model.hasSoftDelete && deleted !== 'with')
    update = update.where('deleted_at', deleted === 'only' ? 'is not' : 'is', null)
  const columns = returning.map((name) => columnNamed(model, name).column)
  return (columns.length > 0 ? update.returning(columns) : update).toOperationNode()
}
