import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { IDENTITY_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'
import { textColumn } from './text.ts'

export interface CurrencyOptions<Code = never> extends CommonOptions<Code> {
  /** The codes that are taken; every currency of ISO 4217 that is in use by default. */
  readonly only?: readonly Code[]
}

export type CurrencyField<Code extends string = string> = Field<{
  value: Code
  input: Code
  lookup: (typeof IDENTITY_LOOKUPS)[number]
  nullable: false
  defaulted: false
  target: never
}>

/**
 * A currency by its code of ISO 4217: `BHD`. Which codes there are is known by Node's own tables (`Intl`).
 *
 * @throws {RangeError} if `only` is empty, names a code twice, or one that is no currency
 */
export function currency<const Code extends string = string>(options: CurrencyOptions<Code> = {}): CurrencyField<Code> {
  return fieldOf(currencyKind(options), options)
}

const IN_USE: readonly string[] = Object.freeze(Intl.supportedValuesOf('currency'))

/** The places that amounts of a currency have: 0 for `JPY`, 2 for `EUR`, 3 for `BHD`. */
export function currencyPlaces(code: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: code })
  return format.resolvedOptions().maximumFractionDigits ?? 2
}

function currencyKind({ only }: { readonly only?: readonly string[] }): FieldKind<string, string> {
  if (only !== undefined) assertCurrencies(only)
  const known = new Set(only ?? IN_USE)
  const parse = (input: unknown): string | Problem => {
    const code = typeof input === 'string' ? input.trim().toUpperCase() : ''
    return known.has(code) ? code : new Problem('Enter a valid currency code of ISO 4217, such as EUR.')
  }
  return {
    name: 'currency',
    positional: [],
    params: only === undefined ? {} : { only },
    lookups: IDENTITY_LOOKUPS,
    searchable: false,
    columnType: (dialect) => textColumn(dialect, 3),
    parse,
    parseText: parse,
    encode: (value) => value,
    decode: String,
    jsonSource: (raw) => `'"' + ${raw} + '"'`,
    schema: only === undefined ? { type: 'string', pattern: '^[A-Z]{3}$' } : { type: 'string', enum: only },
    example: only?.[0] ?? 'EUR',
  }
}

function assertCurrencies(only: readonly string[]): void {
  const bad = only.find((code) => !IN_USE.includes(code))
  if (only.length === 0 || bad !== undefined || new Set(only).size !== only.length) {
    throw new RangeError(
      `Cannot declare currency(): needs different codes of ISO 4217, got ${bad === undefined ? JSON.stringify(only) : `"${bad}"`}`,
    )
  }
}
