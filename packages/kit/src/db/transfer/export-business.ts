import { isForeignKey } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed, foreignKeys } from '../models/index.ts'
import type { Context } from '../query/index.ts'
import { dumpRecords } from './dump-records.ts'
import { transferOrder } from './transfer-order.ts'
import { isTransferred } from './transferred-columns.ts'

/** The first line of an exported business. */
export interface BusinessHeader {
  readonly format: 'bailiwick-business'
  readonly version: 1
  /** The id that it had where it comes from. */
  readonly business: string
}

/** Ids that are looked up together. */
const CHUNK = 500

/**
 * A whole business as JSON texts: a header, the rows of no business that its own point to (its people), and all of its own
 * rows, those in the bin among them. Of the people only what an API could show and take goes along: no password, no
 * standing.
 *
 * @param ctx sees all businesses, best in a transaction with repeatable reads
 */
export async function* exportBusiness(ctx: Context, business: string): AsyncGenerator<string> {
  const header: BusinessHeader = { format: 'bailiwick-business', version: 1, business }
  yield JSON.stringify(header)
  const { registry } = ctx.store
  const { models } = transferOrder(registry)
  const scoped = models.filter(({ scope }) => scope === 'business')
  for (const model of models.filter(({ scope }) => scope === 'global')) {
    yield* exportShared(ctx.inBusiness(business), model, { ctx, scoped })
  }
  yield* dumpRecords(ctx, scoped, { business, all: true })
}

/** Whether a field of a row of no business goes along. */
export function isShared(column: Column): boolean {
  const { readOnly = false, writeOnly = false, sensitive = false } = column.settings
  return isTransferred(column) && !readOnly && !writeOnly && !sensitive
}

interface SharedParts {
  /** Sees all businesses. */
  readonly ctx: Context
  readonly scoped: readonly AnyModel[]
}

async function* exportShared(inside: Context, model: AnyModel, { ctx, scoped }: SharedParts): AsyncGenerator<string> {
  const { registry } = ctx.store
  const ids = new Set<unknown>()
  for (const source of scoped) {
    for (const key of foreignKeys(source)) {
      if (registry.target(key) === model) for (const id of await pointedAt(inside, source, key)) ids.add(id)
    }
  }
  const wanted = [...ids]
  for (let at = 0; at < wanted.length; at += CHUNK) {
    for await (const record of dumpRecords(ctx, [model], { ids: wanted.slice(at, at + CHUNK) })) {
      yield withSharedFields(model, record)
    }
  }
}

async function pointedAt(inside: Context, source: AnyModel, key: Column): Promise<unknown[]> {
  const { store, executor, reach, business } = inside
  const plan = store.plan(`pointed at by ${source.label}.${key.name}`, reach, () =>
    store.builder.selectFrom(source.table).select(key.column).distinct().toOperationNode(),
  )
  const { rows } = await executor.execute(plan.statement, plan.bind([business]))
  return rows.flatMap(([raw]) =>
    raw === null || raw === undefined ? [] : [key.kind.decode(raw, store.database.dialect)],
  )
}

function withSharedFields(model: AnyModel, record: string): string {
  const { fields, ...rest } = JSON.parse(record)
  const shared = Object.entries(fields).filter(([name]) => {
    const column = columnNamed(model, name)
    return isShared(column) && !isForeignKey(column.kind)
  })
  return JSON.stringify({ ...rest, fields: Object.fromEntries(shared) })
}
