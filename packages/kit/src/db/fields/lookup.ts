/** The comparisons that a filter may ask for: `name__icontains`, `created_at__gte`. Without a suffix: `exact`. */
export const LOOKUPS = [
  'exact',
  'iexact',
  'contains',
  'icontains',
  'startswith',
  'istartswith',
  'endswith',
  'iendswith',
  'regex',
  'iregex',
  'in',
  'gt',
  'gte',
  'lt',
  'lte',
  'range',
  'isnull',
  // Parts of dates and times, which comparisons may follow: `created_at__year__gte`.
  'date',
  'time',
  'year',
  'iso_year',
  'quarter',
  'month',
  'week',
  'day',
  'week_day',
  'iso_week_day',
  'hour',
  'minute',
  'second',
  // Of JSON and of lists.
  'contained_by',
  'overlap',
  'has_key',
  'has_keys',
  'has_any_keys',
] as const

export type Lookup = (typeof LOOKUPS)[number]

export const ORDERED_LOOKUPS = ['exact', 'in', 'gt', 'gte', 'lt', 'lte', 'range', 'isnull'] as const
export const PATTERN_LOOKUPS = [
  'iexact',
  'contains',
  'icontains',
  'startswith',
  'istartswith',
  'endswith',
  'iendswith',
  'regex',
  'iregex',
] as const
export const TEXT_LOOKUPS = [...ORDERED_LOOKUPS, ...PATTERN_LOOKUPS] as const
const DAY_PARTS = ['year', 'iso_year', 'quarter', 'month', 'week', 'day', 'week_day', 'iso_week_day'] as const
const CLOCK_PARTS = ['hour', 'minute', 'second'] as const
export const DATE_LOOKUPS = [...ORDERED_LOOKUPS, ...DAY_PARTS] as const
export const TIME_LOOKUPS = [...ORDERED_LOOKUPS, ...CLOCK_PARTS] as const
export const DATETIME_LOOKUPS = [...ORDERED_LOOKUPS, 'date', 'time', ...DAY_PARTS, ...CLOCK_PARTS] as const
/** Of a JSON value; what follows a path into it has those of texts and numbers besides. */
export const JSON_LOOKUPS = [
  'exact',
  'in',
  'isnull',
  'contains',
  'contained_by',
  'has_key',
  'has_keys',
  'has_any_keys',
] as const
export const JSON_PATH_LOOKUPS = [...JSON_LOOKUPS, 'gt', 'gte', 'lt', 'lte', 'range', ...PATTERN_LOOKUPS] as const
/** Of a list of words. */
export const LIST_LOOKUPS = ['exact', 'contains', 'contained_by', 'overlap', 'isnull'] as const
export const IDENTITY_LOOKUPS = ['exact', 'in', 'isnull'] as const
export const ADDRESS_LOOKUPS = ['exact', 'in', 'startswith', 'isnull'] as const
export const BOOLEAN_LOOKUPS = ['exact', 'isnull'] as const

/** Whether `name` is a lookup. */
export function isLookup(name: string): name is Lookup {
  return LOOKUPS.some((lookup) => lookup === name)
}
