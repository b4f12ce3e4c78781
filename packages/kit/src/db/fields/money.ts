import { type CurrencyField, currency, currencyPlaces } from './currency.ts'
import { type DecimalField, type DecimalOptions, decimal } from './decimal.ts'
import type { Field, FieldTypes } from './field.ts'

export interface MoneyOptions<Code extends string = string>
  extends Pick<DecimalOptions, 'digits' | 'places' | 'min' | 'max' | 'label' | 'help' | 'readOnly' | 'validators'> {
  /** The currencies that are taken; every one of ISO 4217 that is in use by default. */
  readonly currencies?: readonly Code[]
  /** The currency of an amount that comes without one. */
  readonly currency?: NoInfer<Code>
  /** Lets the amount be null. It needs a default `currency`, so that no amount is ever without one. */
  readonly optional?: boolean
  /** The amount of a row that is made without one. */
  readonly default?: string
}

/** What the types of one of the two fields are: named in the declarations of models that have money. */
export interface MoneyTypes<F extends Field, Nullable extends boolean, Defaulted extends boolean> extends FieldTypes {
  readonly value: F['types']['value']
  readonly input: F['types']['input']
  readonly lookup: F['types']['lookup']
  readonly nullable: Nullable
  readonly defaulted: Defaulted
  readonly target: never
}

type Has<Options, Wanted> = Options extends Wanted ? true : false

type Amount<Options> = Field<
  MoneyTypes<DecimalField, Has<Options, { readonly optional: true }>, Has<Options, { readonly default: string }>>
>

type Currency<Code extends string, Options> = Field<
  MoneyTypes<CurrencyField<Code>, false, Has<Options, { readonly currency: string }>>
>

/** The two fields of an amount of money. */
export type MoneyFields<Name extends string, Code extends string, Options> = {
  readonly [Key in Name]: Amount<Options>
} & { readonly [Key in `${Name}_currency`]: Currency<Code, Options> }

/**
 * An amount of money: a decimal and its currency, as two fields to be spread into a model's.
 *
 * @example
 * const fields = { ...money('price', { digits: 12, places: 3, currencies: ['BHD', 'USD'], currency: 'BHD' }) }
 * assert.deepEqual(Object.keys(fields), ['price', 'price_currency'])
 *
 * @throws {RangeError} if a currency is none, or has more places than the amount; or an optional amount has no currency
 */
export function money<
  const Name extends string,
  const Code extends string = string,
  const Options extends MoneyOptions<Code> = MoneyOptions<Code>,
>(name: Name, options: Options & MoneyOptions<Code>): MoneyFields<Name, Code, Options> {
  const { currencies, label, help, readOnly } = options
  assertMoney(name, options)
  const words = { ...(help === undefined ? {} : { help }), ...(readOnly === undefined ? {} : { readOnly }) }
  const code = currency({
    ...words,
    ...(label === undefined ? {} : { label: `${label} currency` }),
    ...(currencies === undefined ? {} : { only: currencies }),
  })
  // as: each field is refined at run time by the same options that its type is refined by
  return {
    [name]: amountOf(options),
    [`${name}_currency`]: options.currency === undefined ? code : code.default(options.currency),
  } as unknown as MoneyFields<Name, Code, Options>
}

function amountOf({ currencies: _codes, currency: _code, optional, default: amount, ...rest }: MoneyOptions): Field {
  const field: Field = decimal(rest)
  const refined: Field = optional ? field.optional() : field
  return amount === undefined ? refined : refined.default(amount)
}

function assertMoney(name: string, { places, currencies, currency: usual, optional }: MoneyOptions): void {
  const start = `Cannot declare money('${name}')`
  if (optional && usual === undefined) {
    throw new RangeError(`${start}: an optional amount needs a default currency`)
  }
  for (const code of currencies ?? (usual === undefined ? [] : [usual])) {
    const needed = currencyPlaces(code)
    if (needed > places) throw new RangeError(`${start}: ${code} has ${needed} places, the amount has ${places}`)
  }
}
