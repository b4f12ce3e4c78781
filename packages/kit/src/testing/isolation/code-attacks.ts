import type { Kysely } from 'kysely'
import { type AnyModel, type Context, count, foreignKeys, max, min } from '../../db/index.ts'
import type { CastRow } from './cast.ts'
import type { KnownIds } from './known-ids.ts'
import { type Scene, uniqueFields } from './scene.ts'

/** What app code may do with rows of a model, in the attacker's business, with ids and values of the victim in its hands. */
export interface CodeAttack {
  /** `upsert of yard.Task` */
  readonly name: string
  readonly model: AnyModel
  readonly isWriting: boolean
  /** What it is given, as it is told where it leaks. */
  readonly given: unknown
  run(ctx: Context, ids: KnownIds): Promise<unknown>
}

/** A query whose model is known at run time alone. */
interface LooseQuery {
  filter(filter: object): LooseQuery
  exclude(filter: object): LooseQuery
  withDeleted(): LooseQuery
  onlyDeleted(): LooseQuery
  orderBy(...names: readonly string[]): LooseQuery
  with(...names: readonly string[]): LooseQuery
  search(text: string, fields: readonly string[]): LooseQuery
  union(other: LooseQuery): LooseQuery
  intersect(other: LooseQuery): LooseQuery
  difference(other: LooseQuery): LooseQuery
  forUpdate(): LooseQuery
  values(...names: readonly string[]): LooseQuery
  pluck(name: string): LooseQuery
  distinct(): LooseQuery
  groupBy(...names: readonly string[]): LooseQuery
  annotate(aggregates: object): LooseQuery
  aggregate(aggregates: object): Promise<unknown>
  all(): Promise<unknown>
  page(options: object): Promise<unknown>
  first(): Promise<unknown>
  last(): Promise<unknown>
  get(key: unknown): Promise<unknown>
  count(): Promise<unknown>
  exists(): Promise<unknown>
  inBulk(ids: readonly unknown[]): Promise<ReadonlyMap<unknown, unknown>>
  iterate(): AsyncIterable<unknown>
  create(values: object): Promise<unknown>
  bulkCreate(values: readonly object[], options?: object): Promise<unknown>
  bulkUpdate(rows: readonly object[], fields: readonly string[]): Promise<unknown>
  upsert(values: readonly object[], options: object): Promise<unknown>
  getOrCreate(key: object, values: object): Promise<unknown>
  updateOrCreate(key: object, values: object): Promise<unknown>
  update(values: object): Promise<unknown>
  updateOne(id: unknown, values: object): Promise<unknown>
  deleteOne(id: unknown): Promise<unknown>
  delete(): Promise<unknown>
  restore(): Promise<unknown>
}

/** What one attack works with. */
interface Hands {
  readonly model: AnyModel
  readonly query: LooseQuery
  readonly ctx: Context
  /** Ids of the victim, of the attacker, and of nobody. */
  readonly foreign: string
  readonly own: string
  readonly ids: readonly string[]
  /** A new row that could be made. */
  readonly row: Readonly<Record<string, unknown>>
  /** A field that may be changed. */
  readonly field: string
  /** The unique fields, with values that the victim has. */
  readonly taken: Readonly<Record<string, unknown>> | null
  readonly keys: readonly string[]
}

type Manoeuvre = (hands: Hands) => Promise<unknown>

const READS: Readonly<Record<string, Manoeuvre>> = {
  all: ({ query }) => query.all(),
  'all with the bin': ({ query, model }) => (model.hasSoftDelete ? query.withDeleted() : query).all(),
  'only the bin': ({ query, model }) => (model.hasSoftDelete ? query.onlyDeleted() : query).all(),
  page: ({ query }) => query.page({ number: 1, size: 3 }),
  first: ({ query, foreign }) => query.filter({ id: foreign }).first(),
  last: ({ query }) => query.orderBy('created_at').last(),
  get: ({ query, foreign }) => query.get(foreign),
  count: ({ query }) => query.count(),
  exists: ({ query, foreign }) => query.filter({ id: foreign }).exists(),
  'a list of ids': ({ query, ids }) => query.filter({ id__in: ids }).orderBy('id').all(),
  exclude: ({ query, own }) => query.exclude({ id: own }).orderBy('id').all(),
  'in bulk': async ({ query, ids }) =>
    [...(await query.inBulk(ids)).values()].map((row) => JSON.stringify(row, plain)).toSorted(),
  iterate: ({ query }) => collected(query.iterate()),
  union: ({ query, foreign, own }) =>
    query
      .filter({ id: own })
      .union(query.filter({ id: foreign }))
      .orderBy('id')
      .all(),
  intersect: ({ query, ids }) =>
    query
      .intersect(query.filter({ id__in: ids }))
      .orderBy('id')
      .all(),
  difference: ({ query, own }) =>
    query
      .difference(query.filter({ id: own }))
      .orderBy('id')
      .all(),
  'for update': ({ ctx, model, own }) =>
    ctx.transaction((tx) => loose(tx, model).filter({ id: own }).forUpdate().all()),
  values: ({ query, field }) => query.orderBy('id').values('id', field).all(),
  distinct: ({ query }) => query.values('created_by').distinct().all(),
  aggregate: ({ query }) => query.aggregate({ n: count(), low: min('id' as never), high: max('created_at' as never) }),
  'group by': ({ query }) => query.groupBy('created_by').annotate({ n: count() }).all(),
  'rows that keys point to': async ({ query, keys }) => {
    for (const key of keys) await query.with(key).orderBy('id').all()
    return keys.length === 0
      ? []
      : query
          .with(...keys)
          .orderBy('id')
          .all()
  },
  'values over keys': async ({ query, keys }) => {
    const found: unknown[] = []
    for (const key of keys) found.push(await query.orderBy('id').pluck(`${key}__id`).all())
    return found
  },
  'sql: select': ({ ctx, model }) => sqlOf(ctx).selectFrom(model.table).select(['id']).orderBy('id').execute(),
  'sql: count in a subquery': ({ ctx, model }) => {
    const sql = sqlOf(ctx)
    const inner = sql
      .selectFrom(`${model.table} as inner_rows`)
      .select(({ fn }) => fn.countAll().as('n'))
      .as('n')
    return sql.selectNoFrom(() => [inner]).execute()
  },
}

const WRITES: Readonly<Record<string, Manoeuvre>> = {
  create: ({ query, row }) => query.create(row),
  // Ids that a database counts are one of a kind among all businesses: who names one learns whether it is taken.
  'create with an id of another': async ({ query, model, row, foreign }) =>
    model.idKind === 'uuid' ? query.create({ ...row, id: foreign }) : null,
  'bulk create': ({ query, row, taken }) => query.bulkCreate([{ ...row, ...taken }], { ignoreConflicts: true }),
  update: ({ query, row, field, ids }) => query.filter({ id__in: ids }).update({ [field]: row[field] }),
  'update of all': ({ query, row, field }) => query.update({ [field]: row[field] }),
  'update of one': ({ query, row, field, foreign }) => query.updateOne(foreign, { [field]: row[field] }),
  'update of one of one id': ({ query, row, field, own }) => query.updateOne(own, { [field]: row[field] }),
  'bulk update': ({ query, row, field, ids }) =>
    query.bulkUpdate(
      ids.map((id) => ({ id, [field]: row[field] })),
      [field],
    ),
  upsert: async ({ query, model, row, taken }) => {
    const set = model.unique.find(
      ({ where, fields }) => where === null && fields.every((name) => taken && name in taken),
    )
    return set && taken ? query.upsert([{ ...row, ...taken }], { unique: set.fields }) : null
  },
  'get or create': ({ query, row, taken }) => (taken ? query.getOrCreate(taken, row) : Promise.resolve(null)),
  'update or create': ({ query, row, taken }) => (taken ? query.updateOrCreate(taken, row) : Promise.resolve(null)),
  'delete of one': ({ query, foreign }) => query.deleteOne(foreign),
  delete: ({ query, ids }) => query.filter({ id__in: ids }).delete(),
  'delete of all': ({ query }) => query.delete(),
  restore: ({ query, model }) => (model.hasSoftDelete ? query.restore() : Promise.resolve(null)),
  'sql: update': ({ ctx, model }) => sqlOf(ctx).updateTable(model.table).set({ updated_by: null }).executeTakeFirst(),
  'sql: delete': ({ ctx, model, foreign }) =>
    sqlOf(ctx).deleteFrom(model.table).where('id', '=', foreign).executeTakeFirst(),
}

/** Every manoeuvre on every model of which the cast has rows. */
export function* codeAttacks(scene: Scene): Generator<CodeAttack> {
  for (const model of scene.cast.models) {
    const [own, foreign] = [scene.alive('a', model)[0], scene.foreign('b', model)[0]]
    if (!own || !foreign) continue
    for (const [manoeuvres, isWriting] of [
      [READS, false],
      [WRITES, true],
    ] as const) {
      for (const [name, manoeuvre] of Object.entries(manoeuvres)) {
        const hands = handsOf(scene, { model, own, foreign })
        yield {
          name: `${name} of ${model.label}`,
          model,
          isWriting,
          given: hands,
          run: async (ctx, ids) => {
            const given = JSON.parse(ids.written(JSON.stringify(hands))) as typeof hands // as: the same with ids in it
            return manoeuvre({ ...given, model, ctx, query: loose(ctx, model) })
          },
        }
      }
    }
  }
}

async function collected(rows: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const row of rows) all.push(row)
  return all
}

interface Rows {
  readonly model: AnyModel
  readonly own: CastRow
  readonly foreign: CastRow
}

function handsOf(scene: Scene, { model, own, foreign }: Rows): Omit<Hands, 'model' | 'ctx' | 'query'> {
  const row = scene.row(model)
  const unique = uniqueFields(model)
  const plain = Object.keys(row).filter(
    (name) => !unique.has(name) && !foreignKeys(model).some((key) => key.name === name),
  )
  const taken = Object.entries(foreign.values).filter(
    ([name]) => unique.has(name) && !foreignKeys(model).some((key) => key.name === name),
  )
  return {
    own: own.id,
    foreign: foreign.id,
    ids: [own.id, foreign.id, scene.unknownId(model)],
    row,
    field: plain[0] ?? Object.keys(row)[0] ?? 'id',
    taken: taken.length > 0 ? Object.fromEntries(taken) : null,
    keys: foreignKeys(model).map(({ name }) => name),
  }
}

// as: the steps of a query are the same for every model; only their types differ
const loose = (ctx: Context, model: AnyModel): LooseQuery => ctx.query(model) as unknown as LooseQuery

// biome-ignore lint/suspicious/noExplicitAny: the tables are known at run time alone
const sqlOf = (ctx: Context) => ctx.sql as unknown as Kysely<any>

/** Numbers beyond what JSON has, as text. */
export const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)
