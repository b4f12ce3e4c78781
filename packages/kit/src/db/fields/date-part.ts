/** The parts of a date or a time that a filter may look at, and the numbers that each can be. */
export const DATE_PARTS = {
  year: [1, 9999],
  iso_year: [1, 9999],
  quarter: [1, 4],
  month: [1, 12],
  week: [1, 53],
  day: [1, 31],
  week_day: [1, 7],
  iso_week_day: [1, 7],
} as const

export const TIME_PARTS = { hour: [0, 23], minute: [0, 59], second: [0, 59] } as const

/** A part of a date or a time: `created_at__year`. */
export type MomentPart = keyof typeof DATE_PARTS | keyof typeof TIME_PARTS | 'date' | 'time'

/** The comparisons that may follow a part: `created_at__year__gte`. */
export const PART_LOOKUPS = ['exact', 'in', 'gt', 'gte', 'lt', 'lte', 'range', 'isnull'] as const

/** The numbers that a part can be; null for a whole date or time of day. */
export function partBounds(part: MomentPart): readonly [number, number] | null {
  if (part === 'date' || part === 'time') return null
  return part in DATE_PARTS ? DATE_PARTS[part as keyof typeof DATE_PARTS] : TIME_PARTS[part as keyof typeof TIME_PARTS] // as: just looked up
}

/** Whether a lookup is a part. */
export function isMomentPart(name: string): name is MomentPart {
  return name === 'date' || name === 'time' || Object.hasOwn(DATE_PARTS, name) || Object.hasOwn(TIME_PARTS, name)
}
