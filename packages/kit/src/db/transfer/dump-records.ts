import { compileJsonCodec, type JsonCodec } from '../codec/index.ts'
import type { DriverValue, RawValue } from '../dialects/index.ts'
import { type AnyModel, type Column, columnNamed } from '../models/index.ts'
import {
  type Condition,
  type Context,
  compareOrThrow,
  orderTerms,
  plainSpec,
  resolvePath,
  selectRows,
} from '../query/index.ts'
import { isTransferred } from './transferred-columns.ts'

export interface DumpOptions {
  /** Only the rows of this business, and none that belong to no business. */
  readonly business?: string
  /** Also the rows in the bin. */
  readonly all?: boolean
  /** Only the rows with these ids, of the one model that is dumped. */
  readonly ids?: readonly unknown[]
}

/** Rows that are held in memory at a time. */
const CHUNK = 500

/**
 * The records of models as JSON texts, one by one in the order of their ids, business by business.
 *
 * @param ctx sees all businesses, best in a transaction with repeatable reads
 */
export async function* dumpRecords(
  ctx: Context,
  models: readonly AnyModel[],
  options: DumpOptions = {},
): AsyncGenerator<string> {
  for (const model of models) {
    if (model.scope === 'global') {
      if (options.business === undefined) yield* dumpModel(ctx, model, options)
      continue
    }
    const businesses = options.business === undefined ? await businessesOf(ctx, model) : [options.business]
    for (const business of businesses) yield* dumpModel(ctx.inBusiness(business), model, options)
  }
}

async function* dumpModel(ctx: Context, model: AnyModel, { all = false, ids }: DumpOptions): AsyncGenerator<string> {
  const columns = ['id', ...[...model.columns.values()].filter(isTransferred).map(({ name }) => name)]
  const codec = recordCodec(model, columns, ctx)
  const opening = `{"model":${JSON.stringify(model.label.toLowerCase())},`
  const only = ids === undefined ? [] : [comparison(ctx, model, { lookup: 'in', value: ids })]
  let last: DriverValue | undefined
  for (;;) {
    const rows = await readChunk(ctx, model, { columns, last, only, deleted: all ? 'with' : 'without' })
    for (const row of rows) yield opening + codec([row]).slice(1)
    if (rows.length < CHUNK) return
    last = rows.at(-1)?.[0]
  }
}

interface Chunk {
  readonly columns: readonly string[]
  readonly last: RawValue | undefined
  readonly only: readonly Condition[]
  readonly deleted: 'with' | 'without'
}

function readChunk(ctx: Context, model: AnyModel, { columns, last, only, deleted }: Chunk): Promise<RawValue[][]> {
  const { kind } = columnNamed(model, 'id')
  const { dialect } = ctx.store.database
  const after =
    last === undefined || last === null ? [] : [{ lookup: 'gt', value: kind.decode(last, dialect) } as const]
  return selectRows(ctx, {
    ...plainSpec(model),
    columns,
    conditions: [...only, ...after.map((asked) => comparison(ctx, model, asked))],
    order: orderTerms(ctx.store.registry, model, ['id']),
    deleted,
    window: { limit: CHUNK, offset: 0 },
  })
}

interface Asked {
  readonly lookup: 'gt' | 'in'
  readonly value: unknown
}

function comparison(ctx: Context, model: AnyModel, asked: Asked): Condition {
  const { registry, database } = ctx.store
  return compareOrThrow('pk', { path: resolvePath(registry, model, 'id'), dialect: database.dialect, ...asked })
}

function recordCodec(model: AnyModel, columns: readonly string[], ctx: Context): JsonCodec {
  const members = columns.map((name, index) => {
    const { kind, settings }: Column = columnNamed(model, name)
    return { key: name, index, kind, nullable: settings.nullable }
  })
  const [id, ...fields] = members
  if (!id) throw new TypeError(`${model.label} has no id`)
  const pk = { ...id, key: 'pk' }
  return compileJsonCodec([pk, { key: 'fields', index: 0, members: fields }], ctx.store.database.dialect)
}

/** The businesses that have rows of a model. */
async function businessesOf(ctx: Context, model: AnyModel): Promise<string[]> {
  const { store, executor } = ctx
  const plan = store.plan(`businesses of ${model.label}`, 'all', () =>
    store.builder.selectFrom(model.table).select('business_id').distinct().orderBy('business_id').toOperationNode(),
  )
  const { kind } = columnNamed(model, 'business_id')
  const { rows } = await executor.execute(plan.statement, plan.bind([]))
  return rows.map(([raw]) => String(kind.decode(raw ?? '', store.database.dialect)))
}
