import { RecentMap } from '../../base/index.ts'
import { type Json, Problem } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed } from '../models/index.ts'
import { type Context, compareOrThrow, plainSpec, resolvePath, selectRows } from '../query/index.ts'
import { naturalKeyOf } from './natural-key.ts'
import { TransferError } from './transfer-record.ts'

/** Rows found by natural key that are remembered. */
const REMEMBERED = 10_000

/** Finds rows by their natural keys. */
export class NaturalKeys {
  readonly #known = new RecentMap<string, unknown>(REMEMBERED)

  /**
   * The id of the row of `model` that has that natural key; null if there is none yet.
   *
   * @throws {TransferError} if the model has no natural key, or one of another form
   */
  async find(ctx: Context, model: AnyModel, given: readonly Json[]): Promise<unknown> {
    const columns = naturalKeyOf(model)
    if (!columns) throw new TransferError(`${model.label} has no natural key, got ${JSON.stringify(given)}`)
    if (columns.length !== given.length) {
      const names = columns.map(({ name }) => name).join(', ')
      throw new TransferError(`The natural key of ${model.label} is [${names}], got ${JSON.stringify(given)}`)
    }
    const values = columns.map((column, at): unknown => column.kind.parse(given[at]))
    const wrong = values.find((value) => value instanceof Problem)
    if (wrong instanceof Problem) throw new TransferError(`${model.label}: ${wrong.messages.join(' ')}`)
    return this.#lookUp(ctx, model, new Map(columns.map((column, at) => [column, values[at]])))
  }

  /** The id of the row that has the natural key which is among `values`; null if there is none, or no natural key. */
  async findBy(ctx: Context, model: AnyModel, values: ReadonlyMap<Column, unknown>): Promise<unknown> {
    const columns = naturalKeyOf(model)
    if (!columns?.every((column) => values.has(column))) return null
    return this.#lookUp(ctx, model, new Map(columns.map((column) => [column, values.get(column)])))
  }

  async #lookUp(ctx: Context, model: AnyModel, wanted: ReadonlyMap<Column, unknown>): Promise<unknown> {
    const place = model.scope === 'global' ? '' : ctx.business
    const key = `${model.label} ${place} ${[...wanted.values()].map(String).join('\0')}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const { registry, database } = ctx.store
    const conditions = [...wanted].map(([{ name }, value]) => {
      const path = resolvePath(registry, model, name)
      return compareOrThrow(name, { path, lookup: 'exact', value, dialect: database.dialect })
    })
    const [row] = await selectRows(ctx, { ...plainSpec(model), columns: ['id'], conditions, deleted: 'without' })
    const raw = row?.[0] ?? null
    if (raw === null) return null
    const id: unknown = columnNamed(model, 'id').kind.decode(raw, database.dialect)
    this.#known.set(key, id)
    return id
  }
}
