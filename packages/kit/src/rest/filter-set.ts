import { type FieldPath, type Lookup, resolvePath, type Store } from '../db/index.ts'
import type { Parameter } from './endpoint.ts'
import type { NestedSerializer } from './member.ts'
import type { AnySerializer } from './serializer.ts'
import type { ViewSet } from './viewset.ts'

export interface AllowedFilter {
  readonly path: FieldPath
  readonly lookup: Lookup
}

/** The filters that a viewset takes, by the name of their parameter: `status`, `created_at__gte`, `owner__email`. */
export type FilterSet = ReadonlyMap<string, AllowedFilter>

/** The fields that a serializer shows and the database has. */
export function shownColumns({ members }: NestedSerializer, prefix = ''): string[] {
  return members
    .filter((member) => (member.type === 'field' && !member.isWriteOnly) || (member.type === 'nested' && member.column))
    .filter(({ name }) => name !== 'is_deleted')
    .map(({ name }) => `${prefix}${name}`)
}

/** Everything that may be filtered by: what one may not see, one may not ask for either. */
export function filterPaths(
  { options, serializer }: ViewSet,
  expandable: Readonly<Record<string, AnySerializer>>,
): string[] {
  if (options.filters) return [...options.filters]
  const own = shownColumns(serializer)
  const nested = serializer.members.filter((member) => member.type === 'nested')
  const shown = Object.fromEntries(nested.map((member) => [member.name, member.serializer]))
  const related = Object.entries<NestedSerializer>({ ...expandable, ...shown }).filter(([name]) => own.includes(name))
  return [...own, ...related.flatMap(([name, target]) => shownColumns(target, `${name}__`))]
}

/** Kinds whose values have no order that the databases agree on. */
const UNORDERED: ReadonlySet<string> = new Set(['json', 'multiChoice'])

/** The fields that a list may be sorted by where nothing else is said: all that are shown and have an order. */
export function orderedColumns(store: Store, { model, serializer }: ViewSet): string[] {
  const isOrdered = (name: string): boolean => !UNORDERED.has(resolvePath(store.registry, model, name).column.kind.name)
  return shownColumns(serializer).filter(isOrdered)
}

export function filterSet(store: Store, set: ViewSet, paths: readonly string[]): FilterSet {
  const filters = new Map<string, AllowedFilter>()
  for (const name of paths) {
    const path = resolvePath(store.registry, set.model, name)
    for (const lookup of path.column.kind.lookups) {
      if (lookup === 'isnull' && !path.column.settings.nullable && path.hops.length === 0) continue
      if (lookup === 'exact') filters.set(name, { path, lookup })
      filters.set(`${name}__${lookup}`, { path, lookup })
    }
  }
  return filters
}

const WORDS: Readonly<Record<Lookup, string>> = {
  exact: 'is equal to it',
  iexact: 'is equal to it in any case',
  contains: 'contains it',
  icontains: 'contains it in any case',
  startswith: 'starts with it',
  endswith: 'ends with it',
  in: 'is one of these, between commas',
  gt: 'is greater',
  gte: 'is greater or equal',
  lt: 'is less',
  lte: 'is less or equal',
  range: 'lies between these two, both included, between a comma',
  isnull: 'is empty (`true`) or is not (`false`)',
}

/** The filters as the documentation tells of them: each once, without the long form of `exact`. */
export function filterParameters(filters: FilterSet): Parameter[] {
  return [...filters]
    .filter(([name, { lookup }]) => !(lookup === 'exact' && name.endsWith('__exact')))
    .map(([name, { path, lookup }]) => ({
      name,
      description: `Rows whose ${path.name.replaceAll('__', '.')} ${WORDS[lookup]}.`,
      schema: schemaOf(path, lookup),
      ...(lookup === 'in' || lookup === 'range' ? { isList: true } : {}),
    }))
}

function schemaOf({ column }: FieldPath, lookup: Lookup): Parameter['schema'] {
  if (lookup === 'isnull') return { type: 'boolean' }
  const isText = column.kind.searchable
  if (isText) return { type: 'string', maxLength: 1000 }
  return column.kind.schema
}
