import { newId } from '../../base/index.ts'
import { isForeignKey, type Json } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed, genericKeys } from '../models/index.ts'
import type { Context } from '../query/index.ts'
import { type BusinessHeader, isShared } from './export-business.ts'
import { loadRecords } from './load-records.ts'
import { naturalKeyOf } from './natural-key.ts'
import { NaturalKeys } from './natural-keys.ts'
import { type ReadRecord, readRecord } from './record-reader.ts'
import { renewedId } from './renewed-id.ts'
import { TransferError, type TransferRecord } from './transfer-record.ts'

/**
 * Puts what `exportBusiness` gave into another business, here or elsewhere, under new ids. People are found by their
 * natural keys, as by an e-mail address, and are not changed; those who are not there yet are made, without a password.
 *
 * @param ctx sees all businesses, in a transaction: what fails is to leave nothing behind
 * @throws {TransferError} that names the record and what is wrong with it
 */
export async function importBusiness(
  ctx: Context,
  records: AsyncIterable<unknown> | Iterable<unknown>,
  { business }: { readonly business: string },
): Promise<number> {
  return loadRecords(ctx, renewed(ctx, records, business))
}

async function* renewed(
  ctx: Context,
  records: AsyncIterable<unknown> | Iterable<unknown>,
  business: string,
): AsyncGenerator<TransferRecord> {
  const copy = new BusinessCopy(ctx, business)
  let hasHeader = false
  for await (const given of records) {
    const record = hasHeader ? await copy.renewed(given) : assertHeader(given)
    hasHeader = true
    if (record) yield record
  }
  if (!hasHeader) throw new TransferError('There is nothing in it: wanted what exportbusiness writes')
}

function assertHeader(given: unknown): null {
  const header = given as Partial<BusinessHeader> | null // as: looked at right here
  if (header?.format === 'bailiwick-business' && header.version === 1) return null
  throw new TransferError('This is no exported business: wanted what exportbusiness writes')
}

class BusinessCopy {
  readonly #ctx: Context
  readonly #business: string
  readonly #naturals = new NaturalKeys()
  /** The ids here of rows of no business, by model and the ids that they had. */
  readonly #sharedIds = new Map<string, Json>()
  readonly #offsets = new Map<AnyModel, bigint>()

  constructor(ctx: Context, business: string) {
    this.#ctx = ctx
    this.#business = business
  }

  /** The record of the copy; null where the row is here already. */
  async renewed(given: unknown): Promise<TransferRecord | null> {
    const read = readRecord(this.#ctx.store.registry, given, { ignoresUnknown: false })
    if (!read) return null
    const record = given as TransferRecord // as: just read as one
    return read.model.scope === 'global' ? this.#shared(read, record) : this.#own(read, record)
  }

  async #shared(
    { model, values, name }: ReadRecord,
    { pk = null, fields }: TransferRecord,
  ): Promise<TransferRecord | null> {
    if (!naturalKeyOf(model)) throw new TransferError(`${name}: ${model.label} has no natural key to find it by`)
    const stray = Object.keys(fields).find((field) => !isShared(columnNamed(model, field)))
    if (stray !== undefined) throw new TransferError(`${name}: ${stray} is not taken from an exported business`)
    const known = await this.#naturals.findBy(this.#ctx, model, values)
    const here = known === null ? newId() : String(known)
    this.#sharedIds.set(`${model.label} ${pk}`, here)
    return known === null ? { model: model.label, pk: here, fields } : null
  }

  async #own({ model, name }: ReadRecord, { pk = null, fields }: TransferRecord): Promise<TransferRecord> {
    const renewed: Record<string, Json> = {}
    const typeFields = new Map(genericKeys(model).map(({ idColumn, typeColumn }) => [idColumn.name, typeColumn.name]))
    for (const [field, value] of Object.entries(fields)) {
      const label = fields[typeFields.get(field) ?? '']
      renewed[field] =
        typeof label === 'string' && value !== null
          ? await this.#pointed(this.#modelOf(label, name), value, `${name}: ${field}`)
          : await this.#valueOf(columnNamed(model, field), value, name)
    }
    return { model: model.label, pk: await this.#idOf(model, pk), fields: renewed }
  }

  async #valueOf(column: Column, value: Json, name: string): Promise<Json> {
    const { origin, kind } = column
    if (origin === 'business') return this.#business
    if (value === null) return null
    if (column.name === 'deletion_id') return renewedId(String(value), this.#business)
    if (origin === 'audit' || origin === 'deletion') return column.name.endsWith('_by') ? this.#actor(value) : value
    if (!isForeignKey(kind)) return value
    return this.#pointed(this.#ctx.store.registry.target(column), value, `${name}: ${column.name}`)
  }

  #modelOf(label: string, name: string): AnyModel {
    const model = this.#ctx.store.registry.find(label)
    if (model) return model
    throw new TransferError(`${name}: there is no model ${label} here to point to`)
  }

  /** The id in the copy of a row that is pointed to. */
  async #pointed(target: AnyModel, id: Json, pointer: string): Promise<Json> {
    if (target.scope === 'business') return this.#idOf(target, id)
    const here = this.#sharedIds.get(`${target.label} ${id}`)
    if (here !== undefined) return here
    throw new TransferError(`${pointer} points to a ${target.verboseName} that did not come along`)
  }

  /** Who made or changed a row, if they came along. */
  #actor(value: Json): Json {
    for (const { label } of this.#ctx.store.registry.models) {
      const here = this.#sharedIds.get(`${label} ${value}`)
      if (here !== undefined) return here
    }
    return null
  }

  async #idOf(model: AnyModel, id: Json): Promise<Json> {
    if (model.idKind === 'uuid') return renewedId(String(id), this.#business)
    const offset = this.#offsets.get(model) ?? (await greatestId(this.#ctx, model))
    this.#offsets.set(model, offset)
    return String(BigInt(String(id)) + offset)
  }
}

/** Counted ids of a copy go on after the greatest that is there. */
async function greatestId({ store, executor }: Context, model: AnyModel): Promise<bigint> {
  const plan = store.plan(`greatest id of ${model.label}`, 'all', () =>
    store.builder
      .selectFrom(model.table)
      .select(({ fn }) => fn.max('id').as('id'))
      .toOperationNode(),
  )
  const { rows } = await executor.execute(plan.statement, plan.bind([]))
  return BigInt(String(rows[0]?.[0] ?? 0))
}
