import { ApiError } from '../../base/index.ts'
import { type AnyModel, generatedReferences, type Registry } from '../../db/index.ts'
import { isTaken, type Mark, type MarkedField, markedWord } from './marked-values.ts'
import { type Demand, demandsOf, meeting, meets } from './own-demands.ts'
import { pointingFields } from './pointing-fields.ts'
import { howToSupply, SampleError } from './sample-error.ts'
import { lastSamples, sampleLadder } from './sample-ladder.ts'

/**
 * Values that a project says its fields take: one for all rows, or a function of a number that no two rows share. By the
 * label of a model, or by the name of the serializer of a body.
 */
export interface SuppliedSamples {
  readonly [model: string]: { readonly [field: string]: unknown }
}

type Named = MarkedField & { readonly name: string }
export type SampleValues = Readonly<Record<string, unknown>>

/**
 * Makes values that rows may have, and learns: a field whose value is refused gets the next kind of value that it could
 * take, always in the same order, for all rows from then on.
 */
export class Samples {
  /** How often it has learned something: rows that were made up before are out of date. */
  lessons = 0
  readonly #supplied: SuppliedSamples
  readonly #demands = new Map<string, readonly Demand[]>()
  /** By `shop.Product.price`: the first rung of the ladder that is not known to be refused. */
  readonly #rungs = new Map<string, number>()

  /** @throws {SampleError} if a value is supplied that no field takes */
  constructor(registry: Registry, supplied: SuppliedSamples = {}) {
    this.#supplied = supplied
    for (const model of registry.models) if (model.checks.length > 0) this.#demands.set(model.label, demandsOf(model))
    assertTaken(registry, supplied)
  }

  /** What the project says that a field of a body takes; undefined if it says nothing. */
  given(serializer: string, field: string, number: number): unknown {
    const supplied = this.#supplied[serializer]?.[field]
    return supplied === undefined ? undefined : plainSample(supplied, number)
  }

  /** @throws {SampleError} if the field takes nothing that can be made up */
  value(model: AnyModel | null, field: Named, { mark, number }: Making): unknown {
    const supplied = model === null ? undefined : this.#supplied[model.label]?.[field.name]
    if (supplied !== undefined) return plainSample(supplied, number)
    const found = this.#rung(model, field, { mark, number })
    if (found !== null) return found.value
    const label = model?.label ?? 'a body'
    throw new SampleError(
      `Cannot make up ${label}.${field.name}: it takes neither a made-up value nor its example. ${howToSupply(label, field.name)}`,
    )
  }

  /** The values with those changed places, or made alike, that a check holds against one another. */
  fitted<Values extends SampleValues>(model: AnyModel | null, values: Values): Values {
    const fitted: Record<string, unknown> = { ...values }
    for (const demand of this.#demandsOf(model)) {
      const { column, other } = demand
      if (!other || !(column.name in fitted) || !(other.name in fitted)) continue
      const [one, against] = [fitted[column.name], fitted[other.name]]
      if (meets(demand, one, against)) continue
      const isSwapped = meets(demand, against, one) && isTaken(column, against) && isTaken(other, one)
      fitted[column.name] = against
      if (isSwapped) fitted[other.name] = one
    }
    return fitted as Values // as: the same fields with other values
  }

  /** Goes on to other values for the fields that a refusal is about. @returns false if there are none left */
  learnFrom(model: AnyModel, refusal: unknown, making: Making): boolean {
    const pointing = pointingFields(model)
    const fields = [...model.columns.values()].filter(
      ({ name, origin, settings }) => origin === 'declared' && !settings.generated && !pointing.has(name),
    )
    const blamed = blamedFields(model, refusal)
    const named = fields.filter(({ name }) => blamed.has(name))
    const hasLearned = this.#climb(model, named, making) || this.#climb(model, fields, making)
    if (hasLearned) this.lessons += 1
    return hasLearned
  }

  #climb(model: AnyModel, fields: readonly Named[], making: Making): boolean {
    let hasClimbed = false
    for (const field of fields) {
      if (this.#supplied[model.label]?.[field.name] !== undefined) continue
      const now = this.#rung(model, field, making)
      const next = now && this.#next(model, field, making, now)
      if (!next) continue
      this.#rungs.set(`${model.label}.${field.name}`, next.at)
      hasClimbed = true
    }
    return hasClimbed
  }

  /** The first value from the rung on that the field has come to, or any that it takes if there is none. */
  #rung(model: AnyModel | null, field: Named, making: Making): Rung | null {
    const lowest = model === null ? 0 : (this.#rungs.get(`${model.label}.${field.name}`) ?? 0)
    let any: Rung | null = null
    for (const rung of this.#taken(model, field, making)) {
      if (rung.isAllowed && rung.at >= lowest) return rung
      if (any === null || (rung.isAllowed && !any.isAllowed)) any = rung
    }
    return any
  }

  #next(model: AnyModel, field: Named, making: Making, now: Rung): Rung | null {
    for (const rung of this.#taken(model, field, making)) {
      if (rung.isAllowed && rung.at > now.at && rung.value !== now.value) return rung
    }
    return null
  }

  /** What the field takes, by its places on the ladder, and whether the checks of the model allow it. */
  *#taken(model: AnyModel | null, field: Named, { mark, number }: Making): Generator<Rung> {
    const demands = this.#demandsOf(model).filter(({ column, other }) => column.name === field.name && other === null)
    let at = -1
    for (const value of ladderOf(field, demands, { mark, number })) {
      at += 1
      if (isTaken(field, value)) yield { at, value, isAllowed: demands.every((demand) => meets(demand, value)) }
    }
  }

  #demandsOf(model: AnyModel | null): readonly Demand[] {
    return (model && this.#demands.get(model.label)) ?? []
  }
}

interface Rung {
  readonly at: number
  readonly value: unknown
  readonly isAllowed: boolean
}

function* ladderOf(field: Named, demands: readonly Demand[], { mark, number }: Making): Generator<unknown> {
  yield* sampleLadder(field, mark, number)
  for (const demand of demands) yield* meeting(demand, markedWord(mark, number), number)
  yield* lastSamples(field)
}

export interface Making {
  readonly mark: Mark
  /** Another for every value. */
  readonly number: number
}

/** The fields that a refusal names, or that what it names is computed from. */
function blamedFields(model: AnyModel, refusal: unknown): ReadonlySet<string> {
  const names = refusal instanceof ApiError ? Object.keys(refusal.errors) : []
  return new Set(
    names.flatMap((name) => {
      const generated = model.columns.get(name)?.settings.generated
      return generated ? generatedReferences(generated) : [name]
    }),
  )
}

/** Moments and large numbers as JSON can write them. */
function plainSample(supplied: unknown, number: number): unknown {
  const value: unknown = typeof supplied === 'function' ? supplied(number) : supplied
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'bigint' ? String(value) : value
}

function assertTaken(registry: Registry, supplied: SuppliedSamples): void {
  for (const [label, fields] of Object.entries(supplied)) {
    // A serializer's name: what its fields take is seen when they are sent.
    if (!label.includes('.')) continue
    const model = registry.models.find((each) => each.label === label)
    if (!model) throw new SampleError(`Cannot take the samples: there is no model ${label}`)
    for (const [name, value] of Object.entries(fields)) {
      const column = model.columns.get(name)
      const isGivable = column?.origin === 'declared' && !column.settings.generated && !pointingFields(model).has(name)
      if (!column || !isGivable) {
        throw new SampleError(
          `Cannot take the sample of ${label}.${name}: it is no field that a row is given a value for`,
        )
      }
      if (isTaken(column, plainSample(value, 1))) continue
      throw new SampleError(
        `Cannot take the sample of ${label}.${name}: it does not take ${JSON.stringify(plainSample(value, 1))}`,
      )
    }
  }
}
