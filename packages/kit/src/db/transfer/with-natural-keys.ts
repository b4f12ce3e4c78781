import { RecentMap } from '../../base/index.ts'
import { compileJsonCodec } from '../codec/index.ts'
import { isForeignKey, type Json } from '../fields/index.ts'
import { type AnyModel, columnNamed, type Registry } from '../models/index.ts'
import { type Context, compareOrThrow, plainSpec, resolvePath, selectRows } from '../query/index.ts'
import { naturalKeyOf } from './natural-key.ts'
import type { TransferRecord } from './transfer-record.ts'

export interface NaturalOptions {
  /** Names what foreign keys point to by natural key, where the target has one. */
  readonly isForeign: boolean
  /** Leaves out the id of a row that has a natural key, if nothing but natural keys points to it. */
  readonly isPrimary: boolean
}

/** Natural keys that are remembered. */
const REMEMBERED = 10_000

/** Records with natural keys in the place of ids. `ctx` sees all businesses. */
export async function* withNaturalKeys(
  ctx: Context,
  records: AsyncIterable<string>,
  { isForeign, isPrimary }: NaturalOptions,
): AsyncGenerator<string> {
  const { registry } = ctx.store
  const known = new RecentMap<string, Json>(REMEMBERED)
  for await (const text of records) {
    const record: TransferRecord = JSON.parse(text)
    const model = modelOf(registry, record)
    const { pk, fields } = record
    const named = isForeign ? await withNaturalForeign(ctx, { model, fields, known }) : fields
    const isNamed = isPrimary && naturalKeyOf(model) !== null
    yield JSON.stringify({ model: record.model, ...(isNamed ? {} : { pk }), fields: named })
  }
}

interface ForeignParts {
  readonly model: AnyModel
  readonly fields: TransferRecord['fields']
  readonly known: RecentMap<string, Json>
}

async function withNaturalForeign(ctx: Context, { model, fields, known }: ForeignParts): Promise<object> {
  const named: Record<string, Json> = { ...fields }
  const business = fields.business_id
  for (const [name, value] of Object.entries(fields)) {
    const column = columnNamed(model, name)
    if (value === null || !isForeignKey(column.kind)) continue
    const target = ctx.store.registry.target(column)
    const key = `${target.label} ${target.scope === 'global' ? '' : business} ${value}`
    const inside = target.scope === 'global' ? ctx : ctx.inBusiness(String(business))
    const found = known.get(key) ?? (await naturalKeyOfRow(inside, target, value))
    if (found !== null) known.set(key, found)
    named[name] = found ?? value
  }
  return named
}

async function naturalKeyOfRow(ctx: Context, target: AnyModel, id: Json): Promise<Json> {
  const columns = naturalKeyOf(target)
  if (!columns) return null
  const { registry, database } = ctx.store
  const path = resolvePath(registry, target, 'id')
  const byId = compareOrThrow('id', { path, lookup: 'exact', value: id, dialect: database.dialect })
  const names = columns.map(({ name }) => name)
  const rows = await selectRows(ctx, { ...plainSpec(target), columns: names, conditions: [byId], deleted: 'with' })
  const members = columns.map(({ name, kind }, index) => ({ key: name, index, kind, nullable: false }))
  const codec = compileJsonCodec(members, database.dialect)
  return rows.length === 0 ? null : Object.values(JSON.parse(codec(rows)))
}

function modelOf(registry: Registry, { model: label }: TransferRecord): AnyModel {
  const model = registry.models.find((one) => one.label.toLowerCase() === label)
  if (!model) throw new TypeError(`There is no model "${label}"`)
  return model
}
