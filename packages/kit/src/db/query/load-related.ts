import { type RowObject, readRow } from '../codec/index.ts'
import { isForeignKey } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed, foreignKeys, type Registry, type Relation } from '../models/index.ts'
import type { Condition } from './condition.ts'
import { resolvePath } from './field-path.ts'
import { orderTerms } from './order-terms.ts'
import type { QueryScope } from './query-scope.ts'
import { columnNames, rowMembers } from './row-members.ts'
import { chunksOf, oneOf, plainSpec, selectRows } from './select-rows.ts'
import { type Expansion, type SelectSpec, shapeOfSpec } from './select-spec.ts'

/** Relations to load along, by name, each with those to load of its rows: `orders__lines` as `orders: { lines: {} }`. */
interface LoadTree {
  readonly [name: string]: LoadTree
}

export interface LoadParts {
  readonly model: AnyModel
  readonly rows: readonly RowObject[]
  /** Names of relations, with `__` between the steps. */
  readonly names: readonly string[]
}

/**
 * Puts related rows into rows that were read. Each relation takes one statement for 512 rows, whatever their number; a
 * foreign key that the rows' own statement has followed takes none.
 */
export async function loadRelated(ctx: QueryScope, { model, rows, names }: LoadParts): Promise<void> {
  await loadTree(ctx, { model, rows, tree: treeOf(names) })
}

/** The foreign keys that the statement of the rows itself can follow: the first steps. @throws {TypeError} for what is no relation */
export function joinedKeys(ctx: QueryScope, model: AnyModel, names: readonly string[]): Expansion[] {
  const { registry } = ctx.store
  return Object.keys(treeOf(names)).flatMap((name) => {
    if (registry.relation(model, name)) return []
    const column = keyNamed(registry, model, name)
    return [{ name, columns: columnNames(registry.target(column)) }]
  })
}

function keyNamed(registry: Registry, model: AnyModel, name: string): Column {
  const column = model.columns.get(name)
  if (column && isForeignKey(column.kind)) return column
  const keys = foreignKeys(model).map((key) => key.name)
  const names = [...keys, ...registry.relations(model).map((relation) => relation.name)]
  const wanted = names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}`
  throw new TypeError(`Cannot load "${name}" along: ${model.label} has no relation of that name. ${wanted}`)
}

/** Whether all of it can be read by the statement of the rows. */
export const isJoined = ({ store }: QueryScope, model: AnyModel, names: readonly string[]): boolean =>
  names.every((name) => !name.includes('__') && !store.registry.relation(model, name))

function treeOf(names: readonly string[]): LoadTree {
  const heads = new Set(names.map((name) => name.split('__', 1)[0] ?? ''))
  const under = (head: string): string[] =>
    names.filter((name) => name.startsWith(`${head}__`)).map((name) => name.slice(head.length + 2))
  return Object.fromEntries([...heads].map((head) => [head, treeOf(under(head))]))
}

interface TreeParts {
  readonly model: AnyModel
  readonly rows: readonly RowObject[]
  readonly tree: LoadTree
}

async function loadTree(ctx: QueryScope, { model, rows, tree }: TreeParts): Promise<void> {
  if (rows.length === 0) return
  for (const [name, inner] of Object.entries(tree)) {
    const relation = ctx.store.registry.relation(model, name)
    const loaded = relation
      ? await loadMany(ctx, { model, rows, relation, inner })
      : await loadOne(ctx, { rows, column: keyNamed(ctx.store.registry, model, name), inner })
    const target = relation?.model ?? ctx.store.registry.target(keyNamed(ctx.store.registry, model, name))
    await loadTree(ctx, { model: target, rows: loaded, tree: inner })
  }
}

interface OneParts {
  readonly rows: readonly RowObject[]
  readonly column: Column
  readonly inner: LoadTree
}

/** Puts the row that a foreign key points to in its place, where the key still holds an id. */
async function loadOne(ctx: QueryScope, { rows, column, inner }: OneParts): Promise<RowObject[]> {
  const { name } = column
  const model = ctx.store.registry.target(column)
  const waiting = rows.filter((row) => typeof row[name] !== 'object')
  const ids = [...new Set(waiting.map((row) => row[name]))]
  const found = new Map<string, RowObject>()
  for (const some of chunksOf(ids)) {
    const conditions = [oneOf(ctx, model, { key: 'id', values: encodedIds(ctx, columnNamed(model, 'id'), some) })]
    // What a key points to is shown even from the bin, as by a join.
    const spec = { ...plainSpec(model), conditions, deleted: 'with', expansions: keysIn(ctx, model, inner) } as const
    for (const row of await objectsOf(ctx, spec)) found.set(String(row.id), row)
  }
  for (const row of waiting) row[name] = found.get(String(row[name])) ?? null
  return rows.map((row) => row[name]).filter(isRow)
}

interface ManyParts extends TreeOfMany {
  readonly model: AnyModel
  readonly rows: readonly RowObject[]
}

interface TreeOfMany {
  readonly relation: Relation
  readonly inner: LoadTree
}

/** Puts the rows that lead here under the relation's name: a list, or one row or null. */
async function loadMany(ctx: QueryScope, { model, rows, relation, inner }: ManyParts): Promise<RowObject[]> {
  const byId = Map.groupBy(rows, (row) => String(row.id))
  const related = new Map<string, RowObject[]>()
  const ids = [...new Map(rows.map((row) => [String(row.id), row.id])).values()]
  for (const some of chunksOf(ids)) {
    const values = encodedIds(ctx, columnNamed(model, 'id'), some)
    const parts = { relation, inner, values }
    const pairs = relation.through ? await pairsBetween(ctx, parts) : await pairsOf(ctx, parts)
    for (const [id, row] of pairs) related.set(id, [...(related.get(id) ?? []), row])
  }
  for (const [id, owners] of byId) {
    const found = related.get(id) ?? []
    for (const owner of owners) owner[relation.name] = relation.isOne ? (found[0] ?? null) : [...found]
  }
  return [...related.values()].flat()
}

interface PairParts extends TreeOfMany {
  readonly values: ReturnType<typeof encodedIds>
}

type Pair = readonly [string, RowObject]

async function pairsOf(ctx: QueryScope, { relation, inner, values }: PairParts): Promise<Pair[]> {
  const { model, column } = relation
  const spec: SelectSpec = {
    ...plainSpec(model),
    conditions: [oneOf(ctx, model, { key: column.name, values })],
    order: orderTerms(ctx.store.registry, model, model.ordering),
    expansions: keysIn(ctx, model, inner),
  }
  return (await objectsOf(ctx, spec)).map((row) => [idIn(row[column.name]), row])
}

/** The rows at the other side of a many-to-many relation, read over the rows between. */
async function pairsBetween(ctx: QueryScope, { relation, values }: PairParts): Promise<Pair[]> {
  const { registry } = ctx.store
  const { model, column, through } = relation
  if (!through) return []
  const { model: between, onward } = through
  const signed = model.ordering.map((name) => name.replace(/^(-?)/, `$1${onward.name}__`))
  const alive = (): Condition[] => {
    const path = resolvePath(registry, between, `${onward.name}__deleted_at`)
    return [{ path, operator: 'isnull', values: [], foldsUnicode: false }]
  }
  const spec: SelectSpec = {
    ...plainSpec(between),
    columns: ['id', column.name],
    conditions: [oneOf(ctx, between, { key: column.name, values }), ...(model.hasSoftDelete ? alive() : [])],
    order: orderTerms(registry, between, signed),
    expansions: [{ name: onward.name, columns: columnNames(model) }],
  }
  return (await objectsOf(ctx, spec)).flatMap((row): Pair[] => {
    const target = row[onward.name]
    return isRow(target) ? [[idIn(row[column.name]), target]] : []
  })
}

const keysIn = (ctx: QueryScope, model: AnyModel, tree: LoadTree): Expansion[] =>
  joinedKeys(ctx, model, Object.keys(tree))

async function objectsOf(ctx: QueryScope, spec: SelectSpec): Promise<RowObject[]> {
  const { store } = ctx
  const members = store.derived(`members ${shapeOfSpec(spec)}`, () => rowMembers(store.registry, spec))
  return (await selectRows(ctx, spec)).map((row) => readRow(row, members, store.database.dialect))
}

const encodedIds = ({ store }: QueryScope, { kind }: Column, ids: readonly unknown[]) =>
  ids.map((id) => kind.encode(id, store.database.dialect))

const isRow = (value: unknown): value is RowObject => typeof value === 'object' && value !== null

const idIn = (value: unknown): string => String(isRow(value) ? value.id : value)
