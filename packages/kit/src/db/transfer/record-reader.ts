import { isForeignKey, type Json, Problem } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed, type Registry } from '../models/index.ts'
import { TransferError, type TransferRecord } from './transfer-record.ts'
import { isTransferred } from './transferred-columns.ts'

/** A record whose values have been checked: what goes into which column, in the form of the columns' kinds. */
export interface ReadRecord {
  readonly model: AnyModel
  /** Null: it is found, or made, by its natural key. */
  readonly id: unknown
  readonly business: string | null
  readonly values: ReadonlyMap<Column, unknown>
  /** Foreign keys that are given by the natural keys of what they point to. */
  readonly naturals: ReadonlyMap<Column, readonly Json[]>
  /** How messages call it: `clients.client(pk=…)`. */
  readonly name: string
}

export interface ReaderOptions {
  /** Whether models and fields that are not there any more are passed over. */
  readonly ignoresUnknown: boolean
}

/** Checks a record against the models. Null: it is of a model that is passed over. @throws {TransferError} */
export function readRecord(registry: Registry, given: unknown, { ignoresUnknown }: ReaderOptions): ReadRecord | null {
  const record = asRecord(given)
  const model = registry.models.find(({ label }) => label.toLowerCase() === record.model.toLowerCase())
  if (!model) {
    if (ignoresUnknown) return null
    throw new TransferError(`Invalid model identifier: '${record.model}'`)
  }
  const name = `${model.label.toLowerCase()}(pk=${record.pk === undefined ? 'None' : String(record.pk)})`
  const fields = Object.entries(record.fields).filter(([field]) => isKnown(model, field, { name, ignoresUnknown }))
  const parts = fields.map(([field, value]) => readField(columnNamed(model, field), value, name))
  const id = record.pk === undefined || record.pk === null ? null : parsed(columnNamed(model, 'id'), record.pk, name)
  const values = new Map(parts.flatMap((part) => ('natural' in part ? [] : [[part.column, part.value] as const])))
  const naturals = new Map(parts.flatMap((part) => ('natural' in part ? [[part.column, part.natural] as const] : [])))
  return { model, id, business: businessOf(model, values, name), values, naturals, name }
}

function asRecord(given: unknown): TransferRecord {
  const isRecord =
    isObject(given) &&
    typeof given.model === 'string' &&
    isObject(given.fields) &&
    Object.keys(given).every((key) => key === 'model' || key === 'pk' || key === 'fields')
  if (isRecord) return given as unknown as TransferRecord // as: just found to have its form
  const shown = (JSON.stringify(given) ?? String(given)).slice(0, 100)
  throw new TransferError(`A record must be {"model": …, "pk": …, "fields": {…}}, got ${shown}`)
}

function isKnown(model: AnyModel, field: string, options: { name: string; ignoresUnknown: boolean }): boolean {
  const column = model.columns.get(field)
  if (column && isTransferred(column)) return true
  if (options.ignoresUnknown) return false
  throw new TransferError(`${options.name}: ${model.label} has no field named '${field}'`)
}

type ReadField =
  | { readonly column: Column; readonly value: unknown }
  | { readonly column: Column; readonly natural: readonly Json[] }

function readField(column: Column, value: Json, name: string): ReadField {
  if (isForeignKey(column.kind) && Array.isArray(value)) return { column, natural: value }
  return { column, value: value === null ? nullOf(column, name) : parsed(column, value, name) }
}

function nullOf(column: Column, name: string): null {
  if (column.settings.nullable) return null
  throw new TransferError(`${name}: ${column.name}: This field may not be null.`)
}

/** Only in the form of the kind: validators are for what comes in from people, not for what was stored already. */
function parsed(column: Column, value: Json, name: string): unknown {
  const result: unknown = column.kind.parse(value)
  if (result instanceof Problem) throw new TransferError(`${name}: ${column.name}: ${result.messages.join(' ')}`)
  return result
}

function businessOf(model: AnyModel, values: ReadonlyMap<Column, unknown>, name: string): string | null {
  if (model.scope === 'global') return null
  const business = values.get(columnNamed(model, 'business_id'))
  if (typeof business === 'string') return business
  throw new TransferError(`${name}: business_id: This field is required.`)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
