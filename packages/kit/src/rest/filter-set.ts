import {
  type AnyFieldKind,
  type FilterKey,
  isIdList,
  type Lookup,
  type MomentPart,
  partBounds,
  readFilterKey,
  resolvePath,
  type Store,
} from '../db/index.ts'
import type { Parameter } from './endpoint.ts'
import type { Expandables } from './expandable.ts'
import type { FieldMember, NestedSerializer } from './member.ts'
import type { ViewSet } from './viewset.ts'

export type AllowedFilter = FilterKey

/** The filters that a viewset takes, by the name of their parameter: `status`, `created_at__gte`, `owner__email`. */
export type FilterSet = ReadonlyMap<string, AllowedFilter>

/** The fields that a serializer shows and the database has. */
export function shownColumns({ members }: NestedSerializer, prefix = ''): string[] {
  return members
    .filter(
      (member) => (member.type === 'field' && isReadColumn(member)) || (member.type === 'nested' && member.column),
    )
    .filter(({ name }) => name !== 'is_deleted')
    .map(({ name }) => `${prefix}${name}`)
}

const isReadColumn = ({ isWriteOnly, kind }: FieldMember): boolean => !isWriteOnly && !isIdList(kind)

/** Everything that may be filtered by: what one may not see, one may not ask for either. */
export function filterPaths({ options, serializer }: ViewSet, expandable: Expandables): string[] {
  if (options.filters) return [...options.filters]
  const own = shownColumns(serializer)
  const nested = serializer.members.filter((member) => member.type === 'nested')
  const shown = Object.fromEntries(nested.map((member) => [member.name, member.serializer]))
  const expanded = Object.fromEntries(Object.entries(expandable).map(([name, each]) => [name, each.serializer]))
  const related = Object.entries<NestedSerializer>({ ...expanded, ...shown }).filter(([name]) => own.includes(name))
  return [...own, ...related.flatMap(([name, target]) => shownColumns(target, `${name}__`))]
}

/** Kinds whose values have no order that the databases agree on. */
const UNORDERED: ReadonlySet<string> = new Set(['json', 'multiChoice'])

/** The fields that a list may be sorted by where nothing else is said: all that are shown and have an order. */
export function orderedColumns(store: Store, { model, serializer }: ViewSet): string[] {
  const isOrdered = (name: string): boolean => !UNORDERED.has(resolvePath(store.registry, model, name).column.kind.name)
  return shownColumns(serializer).filter(isOrdered)
}

/**
 * The filters of a list. A path gives all that is cheap and safe to ask of its field; a path with a lookup gives just that:
 * `name__regex`, `created_at__week`, `meta__size__gte`.
 */
export function filterSet(store: Pick<Store, 'registry'>, set: ViewSet, paths: readonly string[]): FilterSet {
  const filters = new Map<string, AllowedFilter>()
  for (const name of paths) {
    const wanted = readFilterKey(store.registry, set.model, name)
    if (wanted.lookup !== null) filters.set(name, { ...wanted, lookup: wanted.lookup })
    else for (const [key, filter] of filtersOf(name, { ...wanted, lookup: 'exact' })) filters.set(key, filter)
  }
  return filters
}

function filtersOf(name: string, target: AllowedFilter): [string, AllowedFilter][] {
  const { path, related, steps } = target
  const mayMiss = path.column.settings.nullable || path.hops.length > 0 || related.length > 0 || steps !== undefined
  return offered(target).flatMap((lookup): [string, AllowedFilter][] => {
    if (lookup === 'isnull' && !mayMiss) return []
    const part = isOfferedPart(lookup) ? lookup : undefined
    const filter: AllowedFilter = part ? { ...target, part } : { ...target, lookup }
    const long: [string, AllowedFilter] = [`${name}__${lookup}`, filter]
    return lookup === 'exact' ? [[name, filter], long] : [long]
  })
}

const PARTS = ['date', 'year', 'month', 'day', 'hour'] as const
const isOfferedPart = (lookup: Lookup): lookup is (typeof PARTS)[number] => PARTS.some((part) => part === lookup)

/** Patterns can be dear, and JSON has no end of paths: a viewset must ask for them by name. */
const BY_NAME: ReadonlySet<Lookup> = new Set<Lookup>([
  ...(['regex', 'iregex', 'contained_by', 'has_key', 'has_keys', 'has_any_keys'] as const),
  ...(['time', 'iso_year', 'quarter', 'week', 'week_day', 'iso_week_day', 'minute', 'second'] as const),
])
const OF_JSON_VALUES = ['exact', 'in', 'icontains', 'startswith', 'gt', 'gte', 'lt', 'lte', 'range', 'isnull'] as const

function offered({ path, part, steps, isRow }: AllowedFilter): readonly Lookup[] {
  const { kind } = path.column
  if (part) return ['exact', 'gt', 'gte', 'lt', 'lte', 'in', 'range']
  if (steps) return OF_JSON_VALUES
  if (isRow) return ['exact', 'in', 'isnull']
  if (isJson(kind)) return ['isnull']
  if (isList(kind)) return ['contains', 'overlap', 'isnull']
  return kind.lookups.filter((lookup) => !BY_NAME.has(lookup))
}

const isJson = (kind: AnyFieldKind): boolean => kind.lookups.includes('has_key')
const isList = (kind: AnyFieldKind): boolean => kind.lookups.includes('overlap')

/** Whether a filter takes several values between commas. */
export function takesList({ path, lookup }: AllowedFilter): boolean {
  if (lookup === 'in' || lookup === 'range' || lookup === 'has_keys' || lookup === 'has_any_keys') return true
  return isList(path.column.kind) && lookup !== 'isnull'
}

const PART_WORDS: Readonly<Record<MomentPart, string>> = {
  date: 'date',
  time: 'time of day',
  year: 'year',
  iso_year: 'year of the ISO week',
  quarter: 'quarter',
  month: 'month',
  week: 'ISO week',
  day: 'day of the month',
  week_day: 'day of the week (1 is Sunday)',
  iso_week_day: 'day of the week (1 is Monday)',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
}

const WORDS: Readonly<Record<Exclude<Lookup, MomentPart>, string>> = {
  exact: 'is equal to it',
  iexact: 'is equal to it in any case',
  contains: 'contains it',
  icontains: 'contains it in any case',
  startswith: 'starts with it',
  istartswith: 'starts with it in any case',
  endswith: 'ends with it',
  iendswith: 'ends with it in any case',
  regex: 'matches this pattern',
  iregex: 'matches this pattern in any case',
  in: 'is one of these, between commas',
  gt: 'is greater',
  gte: 'is greater or equal',
  lt: 'is less',
  lte: 'is less or equal',
  range: 'lies between these two, both included, between a comma',
  isnull: 'is empty (`true`) or is not (`false`)',
  contained_by: 'has nothing but these',
  overlap: 'has one of these, between commas',
  has_key: 'has this key',
  has_keys: 'has all of these keys, between commas',
  has_any_keys: 'has one of these keys, between commas',
}

/** The filters as the documentation tells of them: each once, without the long form of `exact`. */
export function filterParameters(filters: FilterSet): Parameter[] {
  return [...filters]
    .filter(([name, { lookup, part }]) => !(lookup === 'exact' && !part && name.endsWith('__exact')))
    .map(([name, filter]) => ({
      name,
      description: descriptionOf(filter),
      schema: schemaOf(filter),
      ...(takesList(filter) ? { isList: true } : {}),
    }))
}

function descriptionOf({ related, path, lookup, part, steps = [] }: AllowedFilter): string {
  const names = [...related.map(({ name }) => name), path.name, ...steps].join('.').replaceAll('__', '.')
  const word = part && lookup === 'exact' ? 'is this' : WORDS[lookup as Exclude<Lookup, MomentPart>] // as: parts are told apart
  if (related.length > 0) return `Rows with one whose ${names}${part ? `, its ${PART_WORDS[part]},` : ''} ${word}.`
  return part ? `Rows whose ${names}, its ${PART_WORDS[part]}, ${word}.` : `Rows whose ${names} ${word}.`
}

function schemaOf({ path, lookup, part, steps }: AllowedFilter): Parameter['schema'] {
  const { kind } = path.column
  if (lookup === 'isnull') return { type: 'boolean' }
  if (part === 'date') return { type: 'string', format: 'date' }
  if (part === 'time') return { type: 'string', format: 'time' }
  const bounds = part ? partBounds(part) : null
  if (bounds) return { type: 'integer', minimum: bounds[0], maximum: bounds[1] }
  const isText = kind.searchable || steps !== undefined || isJson(kind) || isList(kind)
  return isText ? { type: 'string', maxLength: 1000 } : kind.schema
}
