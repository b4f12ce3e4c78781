/** The comparisons that a filter may ask for: `name__icontains`, `created_at__gte`. Without a suffix: `exact`. */
export const LOOKUPS = [
  'exact',
  'iexact',
  'contains',
  'icontains',
  'startswith',
  'endswith',
  'in',
  'gt',
  'gte',
  'lt',
  'lte',
  'range',
  'isnull',
] as const

export type Lookup = (typeof LOOKUPS)[number]

export const TEXT_LOOKUPS = LOOKUPS
export const ORDERED_LOOKUPS = ['exact', 'in', 'gt', 'gte', 'lt', 'lte', 'range', 'isnull'] as const
export const IDENTITY_LOOKUPS = ['exact', 'in', 'isnull'] as const
export const ADDRESS_LOOKUPS = ['exact', 'in', 'startswith', 'isnull'] as const
export const BOOLEAN_LOOKUPS = ['exact', 'isnull'] as const
export const PRESENCE_LOOKUPS = ['isnull'] as const

/** Whether `name` is a lookup. */
export function isLookup(name: string): name is Lookup {
  return LOOKUPS.some((lookup) => lookup === name)
}
