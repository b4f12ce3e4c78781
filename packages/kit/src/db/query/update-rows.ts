import { sql } from 'kysely'
import { ApiError, validationError } from '../../base/index.ts'
import type { DriverValue, Outcome, RawValue } from '../dialects/index.ts'
import { storedMoment } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed } from '../models/index.ts'
import { type Cleaned, cleanUpdate, encodedValue, type Values } from './clean-values.ts'
import { type Condition, shapeOf } from './condition.ts'
import { slotsOf, wheres } from './condition-sql.ts'
import { expressionSql } from './expression-sql.ts'
import { checkForeignKeys, holdingTargets } from './foreign-key-check.ts'
import { JoinedTables } from './joined-tables.ts'
import type { QueryScope } from './query-scope.ts'
import { readBack } from './read-back.ts'
import { rowObjects } from './read-query.ts'
import { runWrite } from './refusal.ts'
import { ColumnExpression, columnsIn, nextVersion, numbersIn, shapeOfExpression } from './resolve-expression.ts'
import { type ExpectedVersion, versionIs } from './row-version.ts'
import { afterChange, beforeUpdate, columnsOfRow, hasHooks, rowsForHooks } from './run-hooks.ts'
import { chunksOf, oneOf, plainSpec, selectRows } from './select-rows.ts'
import { type DeletedRows, valuesOfConditions } from './select-spec.ts'
import { Slot } from './slot.ts'
import type { Store } from './store.ts'

/** Checks the values of a change, and notes who makes it and when. @throws {ApiError} `validation_failed` */
export async function cleanedUpdate(ctx: QueryScope, model: AnyModel, changes: Values): Promise<Cleaned> {
  const { values, errors } = cleanUpdate(model, changes)
  if (Object.keys(errors).length > 0) throw validationError(errors)
  const given = new Map([...values].filter(([, value]) => !(value instanceof ColumnExpression)))
  await checkForeignKeys(ctx, model, [given])
  if (values.size > 0) stampUpdate(ctx, model, values)
  return values
}

export interface UpdateOneParts extends ExpectedVersion {
  readonly values: Values
  readonly id: DriverValue
  readonly returning: readonly string[]
  /** Whether it counts as a change even if no value is given: the pairs of the row change along with it. */
  readonly isTouched?: boolean
}

/**
 * Changes one row that is not deleted and gives the wanted columns back; null if there is no such row.
 *
 * @throws {ApiError} `precondition_failed` if it is there, but not of the expected version any more
 */
export function updateRow(ctx: QueryScope, model: AnyModel, parts: UpdateOneParts): Promise<RawValue[] | null> {
  if (!hasHooks(ctx, model, 'update')) return updatePlain(ctx, model, parts)
  return ctx.transaction((tx) => updateWithHooks(tx, model, parts))
}

async function updateWithHooks(ctx: QueryScope, model: AnyModel, parts: UpdateOneParts): Promise<RawValue[] | null> {
  const { version } = parts
  const [found] = await rowsForHooks(ctx, model, { ids: [parts.id], deleted: 'without' })
  if (!found) return null
  const { row: before } = found
  if (version !== undefined && model.hasVersion && before.version !== version) throw new ApiError('precondition_failed')
  const values = await beforeUpdate(ctx, model, { before, values: parts.values })
  const spec = plainSpec(model)
  const raw = await updatePlain(ctx, model, { ...parts, values, returning: spec.columns })
  if (!raw) return null
  await afterChange(ctx, model, { kind: 'update', before, after: rowObjects(ctx, spec, [raw])[0] ?? before })
  return columnsOfRow(model, raw, parts.returning)
}

function updatePlain(ctx: QueryScope, model: AnyModel, parts: UpdateOneParts): Promise<RawValue[] | null> {
  const write = (within: QueryScope): Promise<RawValue[] | null> => updateHeld(within, model, parts)
  return holdingTargets(ctx, model, { sets: givenIn(parts.values), write })
}

/** Whether values give a key something to point to. */
export const givenIn =
  (values: Values) =>
  ({ name }: Column): boolean =>
    (values[name] ?? null) !== null

async function updateHeld(ctx: QueryScope, model: AnyModel, parts: UpdateOneParts): Promise<RawValue[] | null> {
  const { values, id, version } = parts
  const set = await cleanedUpdate(ctx, model, values)
  if (parts.isTouched && set.size === 0) stampUpdate(ctx, model, set)
  const isRow = oneOf(ctx, model, { key: 'id', values: [id] })
  const conditions = version === undefined ? [isRow] : [isRow, versionIs(ctx, model, version)]
  const row = await changedRow(ctx, model, { ...parts, set, conditions })
  if (row || version === undefined) return row
  const [other] = await readBack(ctx, model, { ids: [id], returning: ['id'], deleted: 'without' })
  if (other) throw new ApiError('precondition_failed')
  return null
}

async function changedRow(
  ctx: QueryScope,
  model: AnyModel,
  { set, conditions, id, returning }: UpdateOneParts & Omit<WriteParts, 'deleted'>,
): Promise<RawValue[] | null> {
  const deleted = 'without'
  if (set.size === 0) {
    const rows = await selectRows(ctx, { ...plainSpec(model), columns: returning, conditions, deleted })
    return rows[0] ?? null
  }
  if (ctx.store.database.dialect !== 'mysql') {
    const { rows } = await runUpdate(ctx, model, { set, conditions, deleted, returning })
    return rows[0] ?? null
  }
  if ((await writeWhere(ctx, model, { set, conditions, deleted })) === 0) return null
  const [row] = await readBack(ctx, model, { ids: [id], returning, deleted })
  return row ?? null
}

/** Notes who changes a row and when, and counts the change. */
export function stampUpdate(ctx: QueryScope, model: AnyModel, values: Cleaned): void {
  if (model.hasVersion) values.set(columnNamed(model, 'version'), nextVersion(model))
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
  const set = inReadingOrder(model, parts.set)
  const names = Array.from(set, ([{ name }, value]) => name + shapeOfValue(value)).join()
  const wanted = parts.conditions.map(shapeOf).join('&')
  const key = `update ${model.label} ${names} ?${wanted} ${parts.deleted} ${parts.returning.join()}`
  const plan = ctx.store.plan(key, ctx.reach, () => updateStatement(ctx.store, model, { ...parts, set }))
  const given = Array.from(set).flatMap(([column, value]) =>
    value instanceof ColumnExpression ? numbersIn(value) : [encodedValue(column, value, dialect)],
  )
  const values = [ctx.business, ...given, ...valuesOfConditions(parts.conditions)]
  const reckoned = [...set.keys()].filter((column) => column.origin === 'declared' && isReckoned(set.get(column)))
  return runWrite(model, () => ctx.executor.execute(plan.statement, plan.bind(values)), reckoned)
}

const shapeOfValue = (value: unknown): string =>
  value instanceof ColumnExpression ? `=${shapeOfExpression(value.node)}` : ''

const isReckoned = (value: unknown): boolean => value instanceof ColumnExpression && 'operator' in value.node

/**
 * The columns in an order in which each is read before it is set: MySQL sets one after the other, and later ones would
 * see the new values.
 *
 * @throws {TypeError} if there is none
 */
function inReadingOrder(model: AnyModel, set: Cleaned): Cleaned {
  const left = new Map(set)
  const ordered: Cleaned = new Map()
  while (left.size > 0) {
    const isRead = (column: Column): boolean =>
      [...left].some(
        ([other, value]) =>
          other !== column && value instanceof ColumnExpression && columnsIn(value.node).includes(column),
      )
    const next = [...left].find(([column]) => !isRead(column))
    if (!next) throw new TypeError(`Cannot change ${model.label}: its fields are set from each other in a circle`)
    ordered.set(...next)
    left.delete(next[0])
  }
  return ordered
}

function updateStatement(store: Store, model: AnyModel, { set, conditions, deleted, returning }: ReturningParts) {
  const { dialect } = store.database
  const tables = new JoinedTables(store.registry, model, 't')
  let next = 1
  const slots = (count: number): Slot[] => Array.from({ length: count }, () => new Slot(next++))
  const values = Object.fromEntries(
    Array.from(set, ([column, value]) => {
      if (!(value instanceof ColumnExpression)) return [column.column, sql`${slots(1)[0]}`] as const
      const place = { table: tables.base, dialect, slots: slots(numbersIn(value).length) }
      return [column.column, expressionSql(value, place)] as const
    }),
  )
  let update = store.builder.updateTable(`${model.table} as ${tables.base}`).set(values)
  const place = { tables, slots: slotsOf(conditions, next), dialect, builder: store.builder }
  for (const where of wheres({ model, conditions, deleted }, place)) update = update.where(where)
  const columns = returning.map((name) => columnNamed(model, name).column)
  return (columns.length > 0 ? update.returning(columns) : update).toOperationNode()
}
