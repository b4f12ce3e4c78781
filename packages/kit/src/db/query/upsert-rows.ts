import { ApiError, validationError } from '../../base/index.ts'
import type { RowObject } from '../codec/index.ts'
import type { DriverValue, RawValue } from '../dialects/index.ts'
import { type AnyModel, type Column, columnNamed } from '../models/index.ts'
import { writeChangedRows } from './bulk-update.ts'
import { type Cleaned, cannotBeSet, encodedValue, isWritten, type Values } from './clean-values.ts'
import type { Condition } from './condition.ts'
import { resolvePath } from './field-path.ts'
import { checkForeignKeys } from './foreign-key-check.ts'
import { fullUniqueSets } from './get-or-create.ts'
import { cleanRows, insertRows } from './insert-rows.ts'
import { padded } from './padded.ts'
import type { QueryScope } from './query-scope.ts'
import { readBack } from './read-back.ts'
import { rowObjects } from './read-query.ts'
import { deadlockOptions } from './run-transaction.ts'
import { plainSpec, selectRows } from './select-rows.ts'

export interface UpsertParts {
  readonly rows: readonly Values[]
  /** The unique set by which rows are found. */
  readonly unique: readonly string[]
  /** The fields that rows which are there get; by default all that are given. */
  readonly update?: readonly string[] | undefined
}

/** Rounds of looking for rows and making the missing: each is lost only to somebody who makes one in between. */
const MOST_ROUNDS = 5

/**
 * Makes rows, or changes those that have the same values in a unique set, all or none; gives them back in order.
 *
 * @throws {ApiError} `validation_failed`, or `conflict` if another unique key is taken
 * @throws {TypeError} if there is no such unique set
 */
export async function upsertRows(ctx: QueryScope, model: AnyModel, parts: UpsertParts): Promise<RowObject[]> {
  const key = uniqueColumns(model, parts.unique)
  if (parts.rows.length === 0) return []
  const cleaned = cleanRows(ctx, model, parts.rows)
  assertKeys(cleaned, key)
  const columns = changedColumns(model, key, parts)
  assertGiven(parts.rows, columns)
  for (let round = 1; ; round++) {
    try {
      return await ctx.transaction(async (tx) => {
        await checkForeignKeys(tx, model, cleaned)
        return writeAll(tx, model, { ...parts, cleaned, key, columns })
      }, deadlockOptions(ctx))
    } catch (error) {
      // Somebody may have made one of the rows in between.
      if (round === MOST_ROUNDS || !(error instanceof ApiError) || error.code !== 'conflict') throw error
    }
  }
}

function uniqueColumns(model: AnyModel, names: readonly string[]): Column[] {
  const wanted = [...names].sort().join()
  if (fullUniqueSets(model).some((set) => [...set].sort().join() === wanted))
    return names.map((name) => columnNamed(model, name))
  const sets = fullUniqueSets(model)
    .map((set) => set.join(' + '))
    .join(', ')
  throw new TypeError(`${model.label} has no unique set ${names.join(' + ')}. It has: ${sets || 'none'}`)
}

function assertKeys(rows: readonly Cleaned[], key: readonly Column[]): void {
  const errors: Record<string, readonly string[]> = {}
  const seen = new Set<string>()
  rows.forEach((row, at) => {
    for (const column of key) {
      // Nulls are never equal: such a row would be made anew each time.
      if ((row.get(column) ?? null) === null) errors[`${at}.${column.name}`] = ['This field may not be null.']
    }
    const text = JSON.stringify(key.map((column) => String(row.get(column))))
    if (seen.has(text)) errors[`${at}.${key[0]?.name ?? 'id'}`] = ['This record is given twice.']
    seen.add(text)
  })
  if (Object.keys(errors).length > 0) throw validationError(errors)
}

function changedColumns(model: AnyModel, key: readonly Column[], { rows, update }: UpsertParts): Column[] {
  const given = new Set(rows.flatMap((row) => Object.keys(row)))
  const names = update ?? [...given].filter((name) => name !== 'id' && !key.some((column) => column.name === name))
  const columns = names.map((name) => columnNamed(model, name))
  const kept = columns.find((column) => !isWritten(column))
  if (kept) throw cannotBeSet(model, kept)
  return columns
}

/** What a row leaves out must not overwrite what is there. */
function assertGiven(rows: readonly Values[], columns: readonly Column[]): void {
  const errors: Record<string, readonly string[]> = {}
  rows.forEach((row, at) => {
    for (const { name } of columns) if (row[name] === undefined) errors[`${at}.${name}`] = ['This field is required.']
  })
  if (Object.keys(errors).length > 0) throw validationError(errors)
}

interface UpsertPlan extends UpsertParts {
  readonly cleaned: readonly Cleaned[]
  readonly key: readonly Column[]
  readonly columns: readonly Column[]
}

async function writeAll(ctx: QueryScope, model: AnyModel, plan: UpsertPlan): Promise<RowObject[]> {
  const { rows, cleaned, columns } = plan
  const known = await idsByKey(ctx, model, plan)
  const isKnown = (at: number): boolean => known[at] !== null
  const changed = cleaned.flatMap((set, at) => (isKnown(at) ? [{ id: known[at] ?? null, set }] : []))
  if (columns.length > 0) await writeChangedRows(ctx, model, { rows: changed, columns })
  const missing = rows.filter((_, at) => !isKnown(at))
  const made = await insertRows(ctx, model, { rows: missing, returning: ['id'] })
  const madeIds = made.map((row): DriverValue => row[0] ?? null)
  const ids = known.map((id) => id ?? madeIds.shift() ?? null)
  const spec = plainSpec(model)
  return rowObjects(ctx, spec, await readBack(ctx, model, { ids, returning: spec.columns, deleted: 'without' }))
}

const KEYS_PER_STATEMENT = 256

/** The ids of the rows that have the keys, held until the transaction ends; null where there is none. */
async function idsByKey(
  ctx: QueryScope,
  model: AnyModel,
  { cleaned, key }: UpsertPlan,
): Promise<(DriverValue | null)[]> {
  const { dialect } = ctx.store.database
  const byKey = new Map<string, DriverValue>()
  const textOf = (values: readonly unknown[]): string => JSON.stringify(values.map(String))
  for (let at = 0; at < cleaned.length; at += KEYS_PER_STATEMENT) {
    const chunk = padded(cleaned.slice(at, at + KEYS_PER_STATEMENT))
    const condition: Condition = { any: chunk.map((row) => hasKey(ctx, model, { row, key })) }
    const columns = ['id', ...key.map(({ name }) => name)]
    const found = await selectRows(ctx, { ...plainSpec(model), columns, conditions: [condition], lock: 'wait' })
    for (const [id = null, ...values] of found) {
      byKey.set(textOf(values.map((raw, place) => canonical(key[place], raw, dialect))), id)
    }
  }
  return cleaned.map((row) => byKey.get(textOf(key.map((column) => row.get(column)))) ?? null)
}

/** A stored value in the form that checking gives it. */
function canonical(
  column: Column | undefined,
  raw: RawValue,
  dialect: QueryScope['store']['database']['dialect'],
): unknown {
  if (!column || raw === null) return null
  return column.kind.parse(column.kind.decode(raw, dialect))
}

function hasKey(
  { store }: QueryScope,
  model: AnyModel,
  { row, key }: { readonly row: Cleaned; readonly key: readonly Column[] },
): Condition {
  const { registry, database } = store
  return {
    all: key.map((column) => ({
      path: resolvePath(registry, model, column.name),
      operator: 'exact',
      values: [encodedValue(column, row.get(column), database.dialect)],
      foldsUnicode: false,
    })),
  }
}
