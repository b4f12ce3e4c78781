import { ApiError, validationError } from '../../base/index.ts'
import type { RowObject } from '../codec/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import { type AnyModel, columnNamed } from '../models/index.ts'
import type { Values } from './clean-values.ts'
import { filterConditions } from './filter-conditions.ts'
import type { QuerySource } from './query-source.ts'
import { idsOfQuery, readQuery, rowObjects } from './read-query.ts'
import { deadlockOptions } from './run-transaction.ts'
import { plainSpec } from './select-rows.ts'
import { updateRow } from './update-rows.ts'
import { createRows } from './write-query.ts'

export interface FoundOrMade {
  readonly row: RowObject
  readonly isNew: boolean
}

export interface KeyedValues {
  /** Values of a unique set, by which the row is found. */
  readonly key: Values
  /** What a new row has besides. */
  readonly values: Values
}

/**
 * The row that has the values of a key, made if there is none. However many ask at the same time, one is made: the
 * unique key of the database decides, and who loses finds the row of who won.
 *
 * @throws {TypeError} if the key names no unique set of the model: nothing would keep the rows apart
 */
export async function getOrCreate(source: QuerySource, { key, values }: KeyedValues): Promise<FoundOrMade> {
  assertUniqueKey(source.model, key)
  const keyed = narrowed(source, key)
  const [found] = await readQuery(keyed, { limit: 1, offset: 0 })
  if (found) return { row: found, isNew: false }
  const made = await tryCreate(source, { key, values })
  if (!(made instanceof ApiError)) return { row: made, isNew: true }
  const [other] = await readQuery(keyed, { limit: 1, offset: 0 })
  // Another unique key is taken, or the rows of the query leave out the one that has this key.
  if (!other) throw made
  return { row: other, isNew: false }
}

/** Changes the row that has the values of a key, or makes it. @throws {TypeError} if the key names no unique set */
export async function updateOrCreate(source: QuerySource, { key, values }: KeyedValues): Promise<FoundOrMade> {
  assertUniqueKey(source.model, key)
  // Each attempt in a transaction of its own: MySQL keeps a lock after a refused insert, and two that then want the row
  // would wait for each other.
  const update = (): Promise<RowObject | null> =>
    source.ctx.transaction((tx) => updateByKey({ ...source, ctx: tx }, { key, values }), deadlockOptions(source.ctx))
  const known = await update()
  if (known) return { row: known, isNew: false }
  const made = await tryCreate(source, { key, values })
  if (!(made instanceof ApiError)) return { row: made, isNew: true }
  const other = await update()
  // Another unique key is taken, or the rows of the query leave out the one that has this key.
  if (!other) throw made
  return { row: other, isNew: false }
}

async function updateByKey(source: QuerySource, { key, values }: KeyedValues): Promise<RowObject | null> {
  const held = narrowed({ ...source, state: { ...source.state, lock: 'wait' } }, key)
  const [id] = await idsOfQuery(held)
  return id === undefined ? null : updated(source, id, values)
}

async function updated({ ctx, model }: QuerySource, id: DriverValue, values: Values): Promise<RowObject | null> {
  const spec = plainSpec(model)
  const row = await updateRow(ctx, model, { id, values, returning: spec.columns })
  return row ? (rowObjects(ctx, spec, [row])[0] ?? null) : null
}

/** The row that was made, or the refusal if a unique key was taken. In a savepoint: the transaction goes on. */
async function tryCreate(source: QuerySource, { key, values }: KeyedValues): Promise<RowObject | ApiError> {
  const make = async (ctx: QuerySource['ctx']): Promise<RowObject> => {
    const [row] = await createRows({ ...source, ctx }, [{ ...values, ...key }])
    if (!row) throw new TypeError('The database gave no row back')
    return row
  }
  try {
    return await (source.ctx.isInTransaction ? source.ctx.transaction(make) : make(source.ctx))
  } catch (error) {
    if (error instanceof ApiError && error.code === 'conflict') return error
    throw error
  }
}

function narrowed(source: QuerySource, key: Values): QuerySource {
  const { state } = source
  return {
    ...source,
    state: { ...state, conditions: [...state.conditions, ...filterConditions(source.ctx.store, source.model, [key])] },
  }
}

/** The sets of fields that are unique among all rows that are not deleted. */
export const fullUniqueSets = (model: AnyModel): (readonly string[])[] =>
  model.unique.filter(({ where }) => where === null).map(({ fields }) => fields)

function assertUniqueKey(model: AnyModel, key: Values): void {
  for (const name of Object.keys(key)) columnNamed(model, name)
  const known = fullUniqueSets(model)
  const set = [['id'], ...known].find((names) => names.every((name) => key[name] !== undefined))
  if (!set) {
    const sets = known.map((names) => names.join(' + ')).join(', ')
    throw new TypeError(
      `Cannot get or create a ${model.verboseName} by ${Object.keys(key).join(', ')}: a unique set must be among them. ${model.label} has: ${sets || 'none'}`,
    )
  }
  // Nulls are never equal: the unique key would hold nothing back.
  const missing = set.filter((name) => key[name] === null)
  if (missing.length > 0) {
    throw validationError(Object.fromEntries(missing.map((name) => [name, ['This field may not be null.']])))
  }
}
