import { durationText, readDuration } from './duration-text.ts'
import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { ORDERED_LOOKUPS } from './lookup.ts'
import { atLeast, atMost, boundsParams } from './number-rules.ts'
import { Problem } from './problem.ts'

export interface DurationOptions extends CommonOptions<string> {
  /** In any form that the field takes: `01:00:00`, `PT1H`, or seconds. */
  readonly min?: string | number
  readonly max?: string | number
}

export type DurationField = Field<{
  value: string
  input: string | number
  lookup: (typeof ORDERED_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/**
 * A length of time to the microsecond, as DRF writes it: `1 02:03:04.500000` is a day, two hours and so on. Stored as a
 * number of microseconds, so that it sorts and adds up; `durationMicroseconds` and `durationText` lead there and back.
 *
 * @throws {RangeError} if `min` or `max` is no duration
 */
export function duration(options: DurationOptions = {}): DurationField {
  return fieldOf(durationKind(options), options)
}

/**
 * The microseconds of a duration as a field holds it.
 *
 * @example
 * assert.equal(durationMicroseconds('1 00:00:01.500000'), 86_401_500_000n)
 *
 * @throws {RangeError} if the text is no duration
 */
export function durationMicroseconds(text: string): bigint {
  const microseconds = readDuration(text)
  if (microseconds === null) throw new RangeError(`Cannot read the duration "${text}": ${FORMAT}`)
  return microseconds
}

const FORMAT = 'Duration has wrong format. Use one of these formats instead: [DD] [HH:[MM:]]ss[.uuuuuu].'

/** What 64 bits hold. */
const LONGEST = 2n ** 63n - 1n
const LONGEST_DAYS = 106_751_991

function durationKind(options: DurationOptions): FieldKind<string, string> {
  const min = boundOf('min', options.min)
  const max = boundOf('max', options.max)
  const parse = (input: unknown): string | Problem => {
    const microseconds =
      typeof input === 'string' || typeof input === 'number' ? readDuration(String(input).trim()) : null
    if (microseconds === null) return new Problem(FORMAT)
    if (microseconds < -LONGEST || microseconds > LONGEST) {
      return new Problem(`The number of days must be between -${LONGEST_DAYS} and ${LONGEST_DAYS}.`)
    }
    if (min !== null && microseconds < min) return atLeast(durationText(min), durationText(microseconds))
    return max !== null && microseconds > max
      ? atMost(durationText(max), durationText(microseconds))
      : durationText(microseconds)
  }
  return {
    name: 'duration',
    positional: [],
    params: boundsParams(options),
    lookups: ORDERED_LOOKUPS,
    searchable: false,
    columnType: () => 'bigint',
    parse,
    parseText: parse,
    encode: (value, dialect) =>
      dialect === 'sqlite' ? durationMicroseconds(value) : String(durationMicroseconds(value)),
    decode: (raw) => durationText(raw as string | number | bigint), // as: no driver gives bytes for it
    jsonSource: (raw) => `'"' + durationText(${raw}) + '"'`,
    schema: { type: 'string', pattern: '^(-?[0-9]{1,9} )?[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{6})?$' },
    example: min === null && max === null ? '1 02:30:00' : durationText(min ?? max ?? 0n),
  }
}

function boundOf(name: string, bound: string | number | undefined): bigint | null {
  if (bound === undefined) return null
  const microseconds = readDuration(String(bound))
  if (microseconds === null) throw new RangeError(`Cannot declare duration(): ${name} is no duration, got ${bound}`)
  return microseconds
}
