import { ApiError } from '../../base/index.ts'
import { DatabaseError } from '../dialects/index.ts'
import type { AnyModel, Column } from '../models/index.ts'
import type { Context } from '../query/index.ts'
import { NaturalKeys } from './natural-keys.ts'
import { type ReadRecord, readRecord } from './record-reader.ts'
import { changeRow, type WantedRow, writeRecords } from './record-writer.ts'
import { resetCounters } from './reset-counters.ts'
import { transferOrder } from './transfer-order.ts'
import { TransferError } from './transfer-record.ts'

export interface LoadOptions {
  /** Passes over models and fields that are not there any more. */
  readonly ignoresUnknown?: boolean
}

/** Records that are written together at the most. */
const BATCH = 500

interface Batch {
  readonly model: AnyModel
  readonly business: string | null
  readonly records: ReadRecord[]
}

interface LateKey {
  readonly model: AnyModel
  readonly business: string | null
  readonly row: WantedRow
}

/**
 * Makes the rows of records, or changes those that have the same id (or, without one, the same natural key). A record
 * may stand before one that it points to. Neither validators nor hooks are asked: this is what was stored before.
 *
 * @param ctx sees all businesses, in a transaction: what fails is to leave nothing behind
 * @throws {TransferError} that names the record and what is wrong with it
 */
export async function loadRecords(
  ctx: Context,
  records: AsyncIterable<unknown> | Iterable<unknown>,
  { ignoresUnknown = false }: LoadOptions = {},
): Promise<number> {
  const loader = new RecordLoader(ctx)
  for await (const given of records) {
    const record = readRecord(ctx.store.registry, given, { ignoresUnknown })
    if (record) await loader.add(record)
  }
  return loader.finish()
}

class RecordLoader {
  readonly #ctx: Context
  readonly #naturals: NaturalKeys
  readonly #lateColumns: ReadonlySet<Column>
  readonly #lateKeys: LateKey[] = []
  readonly #touched = new Set<AnyModel>()
  #batch: Batch | null = null
  #held: Batch[] = []
  #count = 0

  constructor(ctx: Context) {
    this.#ctx = ctx
    this.#naturals = new NaturalKeys()
    this.#lateColumns = transferOrder(ctx.store.registry).late
  }

  async add(record: ReadRecord): Promise<void> {
    const { model, business } = record
    const isOther = this.#batch && (this.#batch.model !== model || this.#batch.business !== business)
    if (isOther || this.#batch?.records.length === BATCH) await this.#flush()
    this.#batch ??= { model, business, records: [] }
    this.#batch.records.push(record)
  }

  async finish(): Promise<number> {
    await this.#flush()
    await this.#writeHeld()
    for (const { model, business, row } of this.#lateKeys) await changeRow(this.#inside(business), model, row)
    await resetCounters(this.#ctx, [...this.#touched])
    return this.#count
  }

  async #flush(): Promise<void> {
    const batch = this.#batch
    this.#batch = null
    if (batch && !(await this.#isWritten(batch))) this.#held.push(batch)
  }

  /** Batches that pointed to what was not there: by now it may be. */
  async #writeHeld(): Promise<void> {
    while (this.#held.length > 0) {
      const tried = this.#held
      this.#held = []
      for (const batch of tried) if (!(await this.#isWritten(batch))) this.#held.push(batch)
      const [stuck] = this.#held
      if (stuck && this.#held.length === tried.length) throw danglingError(stuck)
    }
  }

  async #isWritten(batch: Batch): Promise<boolean> {
    const inside = this.#inside(batch.business)
    const rows = await this.#rowsOf(batch, inside)
    if (rows === null) return false
    try {
      await inside.transaction((tx) =>
        writeRecords(
          tx,
          batch.model,
          rows.map(({ now }) => now),
        ),
      )
    } catch (error) {
      if (pointsNowhere(error)) return false
      throw refusalOf(batch, error)
    }
    const { model, business } = batch
    for (const { later } of rows) if (later) this.#lateKeys.push({ model, business, row: later })
    this.#touched.add(model)
    this.#count += rows.length
    return true
  }

  /** Null if a natural key names a row that is not there yet. */
  async #rowsOf({ model, records }: Batch, inside: Context): Promise<SplitRow[] | null> {
    const rows: SplitRow[] = []
    for (const { id, values, naturals } of records) {
      const all = new Map(values)
      for (const [column, natural] of naturals) {
        const found = await this.#naturals.find(inside, this.#ctx.store.registry.target(column), natural)
        if (found === null) return null
        all.set(column, found)
      }
      const known = id ?? (await this.#naturals.findBy(inside, model, all))
      rows.push(split({ id: known, values: all }, this.#lateColumns))
    }
    return rows
  }

  #inside(business: string | null): Context {
    return business === null ? this.#ctx : this.#ctx.inBusiness(business)
  }
}

interface SplitRow {
  readonly now: WantedRow
  /** The foreign keys that are filled in when everything is there. */
  readonly later: WantedRow | null
}

function split(row: WantedRow, late: ReadonlySet<Column>): SplitRow {
  const waiting = [...row.values].filter(([column, value]) => value !== null && late.has(column))
  if (waiting.length === 0 || row.id === null) return { now: row, later: null }
  const now = new Map([...row.values, ...waiting.map(([column]) => [column, null] as const)])
  return { now: { id: row.id, values: now }, later: { id: row.id, values: new Map(waiting) } }
}

/** A foreign key without a row behind it. Told by the database, or by the check of a write. */
function pointsNowhere(error: unknown): boolean {
  const cause = error instanceof ApiError ? error.cause : error
  return cause instanceof DatabaseError && cause.kind === 'foreign_key'
}

function danglingError({ records }: Batch): TransferError {
  const [first] = records
  const others = records.length > 1 ? `, or one of the ${records.length - 1} beside it,` : ''
  return new TransferError(`${first?.name}${others} points to a row that is neither here nor among the records`)
}

function refusalOf({ records }: Batch, error: unknown): Error {
  if (!(error instanceof ApiError || error instanceof DatabaseError)) return error as Error // as: only errors are thrown
  const [first] = records
  const others = records.length > 1 ? ` (or one of the ${records.length - 1} beside it)` : ''
  return new TransferError(`Could not load ${first?.name}${others}: ${error.message}`, { cause: error })
}
