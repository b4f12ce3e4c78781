import { sql } from 'kysely'
import { type FieldErrors, newId, validationError } from '../../base/index.ts'
import type { DialectName, DriverValue, Executor, Outcome, RawValue } from '../dialects/index.ts'
import { storedMoment } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed } from '../models/index.ts'
import { type Cleaned, cleanInsert, encodedValue, type Values } from './clean-values.ts'
import { checkForeignKeys, holdingTargets } from './foreign-key-check.ts'
import type { QueryScope } from './query-scope.ts'
import { readBack } from './read-back.ts'
import { rowObjects } from './read-query.ts'
import { runWrite } from './refusal.ts'
import { afterChange, beforeCreate, columnsOfRow, hasHooks } from './run-hooks.ts'
import { plainSpec } from './select-rows.ts'
import { Slot } from './slot.ts'
import type { SqlBuilder } from './store.ts'

type Insert = ReturnType<SqlBuilder['insertInto']>

export interface InsertParts {
  readonly rows: readonly Values[]
  readonly returning: readonly string[]
  /** Leaves out the rows whose unique values are taken, where they would be refused. */
  readonly ignoresConflicts?: boolean | undefined
}

/** Values of one statement at the most: SQLite takes 32,766, PostgreSQL and MySQL 65,535. */
const MAX_VALUES = 30_000

/**
 * Makes rows and gives the wanted columns of them back, in the same order.
 *
 * @throws {ApiError} `validation_failed` or `conflict`, with nothing written
 */
export async function insertRows(ctx: QueryScope, model: AnyModel, parts: InsertParts): Promise<RawValue[][]> {
  if (parts.rows.length === 0) return []
  if (!hasHooks(ctx, model, 'create')) return insertPlain(ctx, model, parts)
  return ctx.transaction((tx) => insertWithHooks(tx, model, parts))
}

async function insertWithHooks(ctx: QueryScope, model: AnyModel, parts: InsertParts): Promise<RawValue[][]> {
  const rows: Values[] = []
  for (const cleaned of cleanRows(ctx, model, parts.rows)) {
    const values = Object.fromEntries(Array.from(cleaned, ([{ name }, value]) => [name, value]))
    rows.push(await beforeCreate(ctx, model, values))
  }
  const spec = plainSpec(model)
  const made = await insertPlain(ctx, model, { ...parts, rows, returning: spec.columns })
  for (const after of rowObjects(ctx, spec, made))
    await afterChange(ctx, model, { kind: 'create', before: null, after })
  return made.map((raw) => columnsOfRow(model, raw, parts.returning))
}

async function insertPlain(
  ctx: QueryScope,
  model: AnyModel,
  { rows, returning, ignoresConflicts = false }: InsertParts,
): Promise<RawValue[][]> {
  const cleaned = cleanRows(ctx, model, rows)
  assertAlike(ctx, model, cleaned)
  const sets = (column: Column): boolean => cleaned.some((row) => (row.get(column) ?? null) !== null)
  const parts = { cleaned, returning, ignoresConflicts }
  return holdingTargets(ctx, model, { sets, write: (within) => insertHeld(within, model, parts) })
}

interface HeldParts extends Omit<InsertParts, 'rows'> {
  readonly cleaned: readonly Cleaned[]
}

async function insertHeld(
  ctx: QueryScope,
  model: AnyModel,
  { cleaned, returning, ignoresConflicts = false }: HeldParts,
): Promise<RawValue[][]> {
  await checkForeignKeys(ctx, model, cleaned)
  for (const values of cleaned) stamp(ctx, model, values)
  const columns = [...model.columns.values()].filter((column) => cleaned[0]?.has(column))
  const size = Math.max(1, Math.floor(MAX_VALUES / columns.length))
  const insert = (within: QueryScope, at: number): Promise<RawValue[][]> =>
    insertCleaned(within, model, { columns, rows: cleaned.slice(at, at + size), returning, ignoresConflicts })
  if (cleaned.length <= size) return insert(ctx, 0)
  return ctx.transaction(async (tx) => {
    const made: RawValue[][] = []
    for (let at = 0; at < cleaned.length; at += size) made.push(...(await insert(tx, at)))
    return made
  })
}

/** Checks the values of new rows and fills in what is left out. @throws {ApiError} `validation_failed` */
export function cleanRows({ reach }: QueryScope, model: AnyModel, rows: readonly Values[]): Cleaned[] {
  const errors: Record<string, readonly string[]> = {}
  const cleaned = rows.map((row, at) => {
    const result = cleanInsert(model, row, reach)
    Object.assign(errors, rows.length === 1 ? result.errors : prefixed(result.errors, at))
    return result.values
  })
  if (Object.keys(errors).length > 0) throw validationError(errors)
  return cleaned
}

const prefixed = (errors: FieldErrors, at: number): FieldErrors =>
  Object.fromEntries(Object.entries(errors).map(([name, messages]) => [`${at}.${name}`, messages]))

/** @throws {TypeError} if some rows name their id and others leave it to the database, or a row names no business */
function assertAlike({ reach }: QueryScope, model: AnyModel, rows: readonly Cleaned[]): void {
  const id = columnNamed(model, 'id')
  if (model.idKind === 'bigint' && new Set(rows.map((row) => row.has(id))).size > 1) {
    throw new TypeError(`Cannot create ${model.verboseNamePlural}: either all of them name their id or none`)
  }
  if (model.scope === 'global' || reach !== 'all') return
  if (rows.every((row) => row.has(columnNamed(model, 'business_id')))) return
  throw new TypeError(`Cannot create a ${model.verboseName} across businesses: go into one by inBusiness(id)`)
}

/** Fills in what the kit keeps of each row. */
function stamp(ctx: QueryScope, model: AnyModel, values: Cleaned): void {
  const set = (name: string, value: unknown): void => {
    values.set(columnNamed(model, name), value)
  }
  if (model.idKind === 'uuid' && !values.has(columnNamed(model, 'id'))) set('id', newId())
  if (model.hasVersion) set('version', 1)
  if (model.scope === 'global') return
  const now = storedMoment(new Date(ctx.store.clock.now()))
  if (ctx.business !== null) set('business_id', ctx.business)
  set('created_at', now)
  set('created_by', ctx.actor)
  set('updated_at', now)
  set('updated_by', ctx.actor)
}

/** Rows whose values are clean and complete. */
export interface CleanedRows {
  readonly columns: readonly Column[]
  readonly rows: readonly Cleaned[]
  readonly returning: readonly string[]
  /** Whether rows that a unique key refuses are left out, instead of refusing all. */
  readonly ignoresConflicts?: boolean
}

/** Writes rows whose columns are all the same, in one statement, and gives the wanted columns back. */
export async function insertCleaned(ctx: QueryScope, model: AnyModel, chunk: CleanedRows): Promise<RawValue[][]> {
  const { store } = ctx
  const { dialect } = store.database
  const returns = dialect !== 'mysql'
  const key = `insert ${model.label} ${chunk.columns.map(({ name }) => name).join()} ${chunk.rows.length} ${returns ? chunk.returning.join() : ''}${chunk.ignoresConflicts ? ' or ignore' : ''}`
  const plan = store.plan(key, ctx.reach, () => insertStatement(ctx, model, chunk, returns))
  const values = [
    ctx.business,
    ...chunk.rows.flatMap((row) => chunk.columns.map((column) => encodedValue(column, row.get(column), dialect))),
  ]
  const outcome = await runWrite(model, () => executorOf(ctx, model).execute(plan.statement, plan.bind(values)))
  return returns
    ? outcome.rows
    : readBack(ctx, model, { ids: idsOf(model, chunk, outcome), returning: chunk.returning, deleted: 'with' })
}

/** A new row of a shared model is tied to no business yet: the database would not give it back within one. */
function executorOf({ executor }: QueryScope, model: AnyModel): Executor {
  return model.sharedThrough === null ? executor : executor.within(null)
}

function insertStatement(ctx: QueryScope, model: AnyModel, chunk: CleanedRows, returns: boolean) {
  let next = 1
  const rows = chunk.rows.map(() =>
    Object.fromEntries(
      // The business is left to the tenancy wall, which puts it into every row.
      chunk.columns
        .map((column) => {
          const slot = new Slot(next++)
          return [column.column, sql`${slot}`] as const
        })
        .filter(([name]) => name !== 'business_id' || ctx.reach === 'all'),
    ),
  )
  const insert = ctx.store.builder.insertInto(model.table).values(rows)
  const columns = chunk.returning.map((name) => columnNamed(model, name).column)
  const lenient = chunk.ignoresConflicts ? ignoring(insert, ctx.store.database.dialect) : insert
  return (returns ? lenient.returning(columns) : lenient).toOperationNode()
}

/** MySQL's `insert ignore` would swallow other errors too: setting the id to itself changes nothing. */
function ignoring(insert: Insert, dialect: DialectName): Insert {
  return dialect === 'mysql'
    ? insert.onDuplicateKeyUpdate({ id: sql.ref('id') })
    : insert.onConflict((conflict) => conflict.doNothing())
}

/** The ids of the rows just made: the kit's own, or those that MySQL counted up from the first. */
function idsOf(model: AnyModel, { rows }: CleanedRows, { insertId }: Outcome): DriverValue[] {
  const id = columnNamed(model, 'id')
  return rows.map((row, at) => {
    const known = row.get(id)
    if (known !== undefined) return String(known)
    if (insertId === null) throw new TypeError(`The database gave no id for a new ${model.verboseName}`)
    return String(insertId + BigInt(at))
  })
}
