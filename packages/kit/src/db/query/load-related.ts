import { type RowObject, readRow } from '../codec/index.ts'
import type { DriverValue } from '../dialects/index.ts'
import { isForeignKey } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed, foreignKeys, type Registry, type Relation } from '../models/index.ts'
import { orderTerms } from './order-terms.ts'
import type { QueryScope } from './query-scope.ts'
import type { QueryState } from './query-state.ts'
import { relatedSpec } from './related-spec.ts'
import { columnNames, rowMembers } from './row-members.ts'
import { chunksOf, oneOf, plainSpec, selectRows } from './select-rows.ts'
import { type Expansion, type SelectSpec, shapeOfSpec } from './select-spec.ts'

/** What a query loads along, and what relations are narrowed to. */
type Loading = Pick<QueryState, 'loaded' | 'narrowed'>

/** Relations to load along, by name, each with those to load of its rows: `orders__lines` as `orders`, in it `lines`. */
type LoadTree = ReadonlyMap<string, LoadBranch>

interface LoadBranch {
  readonly inner: LoadTree
  /** What the rows are narrowed to, if they are. */
  readonly state: QueryState | null
}

export interface LoadParts {
  readonly model: AnyModel
  readonly rows: readonly RowObject[]
  readonly loading: Loading
}

/**
 * Puts related rows into rows that were read. Each relation takes one statement for 512 rows, whatever their number; a
 * foreign key that the rows' own statement has followed takes none.
 */
export async function loadRelated(ctx: QueryScope, { model, rows, loading }: LoadParts): Promise<void> {
  await loadTree(ctx, { model, rows, tree: treeOf(loading) })
}

/** The foreign keys that the statement of the rows itself can follow: the first steps. @throws {TypeError} for what is no relation */
export function joinedKeys(ctx: QueryScope, model: AnyModel, names: readonly string[]): Expansion[] {
  const { registry } = ctx.store
  return headsOf(names).flatMap((name) => {
    if (registry.relation(model, name)) return []
    const column = keyNamed(registry, model, name)
    return [{ name, columns: columnNames(registry.target(column)) }]
  })
}

/** The foreign key of that name. @throws {TypeError} if there is none */
export function keyNamed(registry: Registry, model: AnyModel, name: string): Column {
  const column = model.columns.get(name)
  if (column && isForeignKey(column.kind)) return column
  const keys = foreignKeys(model).map((key) => key.name)
  const names = [...keys, ...registry.relations(model).map((relation) => relation.name)]
  const wanted = names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}`
  throw new TypeError(`Cannot load "${name}" along: ${model.label} has no relation of that name. ${wanted}`)
}

/** The first steps of names. */
export const headsOf = (names: readonly string[]): string[] => [
  ...new Set(names.map((name) => name.split('__', 1)[0] ?? '')),
]

function treeOf({ loaded, narrowed }: Loading): LoadTree {
  const under = (head: string): string[] =>
    loaded.filter((name) => name.startsWith(`${head}__`)).map((name) => name.slice(head.length + 2))
  return new Map(
    headsOf(loaded).map((head): [string, LoadBranch] => {
      const state = narrowed.get(head) ?? null
      const inner = { loaded: [...(state?.loaded ?? []), ...under(head)], narrowed: state?.narrowed ?? new Map() }
      return [head, { inner: treeOf(inner), state }]
    }),
  )
}

interface TreeParts {
  readonly model: AnyModel
  readonly rows: readonly RowObject[]
  readonly tree: LoadTree
}

async function loadTree(ctx: QueryScope, { model, rows, tree }: TreeParts): Promise<void> {
  if (rows.length === 0) return
  for (const [name, branch] of tree) {
    const relation = ctx.store.registry.relation(model, name)
    const loaded = relation
      ? await loadMany(ctx, { model, rows, relation, branch })
      : await loadOne(ctx, { rows, column: keyNamed(ctx.store.registry, model, name), inner: branch.inner })
    const target = relation?.model ?? ctx.store.registry.target(keyNamed(ctx.store.registry, model, name))
    await loadTree(ctx, { model: target, rows: loaded, tree: branch.inner })
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

interface ManyParts {
  readonly model: AnyModel
  readonly rows: readonly RowObject[]
  readonly relation: Relation
  readonly branch: LoadBranch
}

/** Puts the rows that lead here under the relation's name: a list, or one row or null. */
async function loadMany(ctx: QueryScope, { model, rows, relation, branch }: ManyParts): Promise<RowObject[]> {
  const byId = Map.groupBy(rows, (row) => String(row.id))
  const related = new Map<string, RowObject[]>()
  const ids = [...new Map(rows.map((row) => [String(row.id), row.id])).values()]
  for (const some of chunksOf(ids)) {
    const parts = { relation, branch, ids: encodedIds(ctx, columnNamed(model, 'id'), some) }
    for (const [owner, row] of await pairsOf(ctx, parts)) {
      const list = related.get(owner)
      if (list) list.push(row)
      else related.set(owner, [row])
    }
  }
  for (const [id, owners] of byId) {
    const found = related.get(id) ?? []
    for (const owner of owners) owner[relation.name] = relation.isOne ? (found[0] ?? null) : [...found]
  }
  return [...related.values()].flat()
}

interface PairParts {
  readonly relation: Relation
  readonly branch: LoadBranch
  readonly ids: readonly DriverValue[]
}

/** The rows that a relation leads to, each with the id of its owner. */
async function pairsOf(
  ctx: QueryScope,
  { relation, branch, ids }: PairParts,
): Promise<(readonly [string, RowObject])[]> {
  const { store } = ctx
  const { model, column } = relation
  const plain = relatedSpec(store.registry, { relation, ids })
  const spec = { ...plain, ...narrowing(ctx, model, branch.state), expansions: keysIn(ctx, model, branch.inner) }
  const members = membersOf(ctx, spec)
  const { dialect } = store.database
  return (await selectRows(ctx, spec)).map((row) => {
    // The owner is one of the ids that were asked for, never null.
    const owner: unknown = column.kind.decode(row.at(-1) ?? '', dialect)
    return [String(owner), readRow(row, members, dialect)] as const
  })
}

function narrowing(ctx: QueryScope, model: AnyModel, state: QueryState | null): Partial<SelectSpec> {
  if (!state) return {}
  const { conditions, deleted, order } = state
  const names = order.length > 0 ? order : model.ordering
  return { conditions, deleted, order: orderTerms(ctx.store.registry, model, names) }
}

const keysIn = (ctx: QueryScope, model: AnyModel, tree: LoadTree): Expansion[] =>
  joinedKeys(ctx, model, [...tree.keys()])

async function objectsOf(ctx: QueryScope, spec: SelectSpec): Promise<RowObject[]> {
  const members = membersOf(ctx, spec)
  return (await selectRows(ctx, spec)).map((row) => readRow(row, members, ctx.store.database.dialect))
}

const membersOf = ({ store }: QueryScope, spec: SelectSpec) =>
  store.derived(`members ${shapeOfSpec(spec)}`, () => rowMembers(store.registry, spec))

const encodedIds = ({ store }: QueryScope, { kind }: Column, ids: readonly unknown[]) =>
  ids.map((id) => kind.encode(id, store.database.dialect))

const isRow = (value: unknown): value is RowObject => typeof value === 'object' && value !== null
