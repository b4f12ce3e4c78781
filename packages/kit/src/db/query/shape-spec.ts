import type { DriverValue } from '../dialects/index.ts'
import { type HavingCondition, shapeOfHaving, valuesOfHaving } from './having-condition.ts'
import type { LookedPath } from './looked-path.ts'
import type { NamedAggregate } from './resolve-aggregate.ts'
import { type SelectSpec, shapeOfSpec, valuesOfConditions } from './select-spec.ts'

/** A value that is asked of each row by its path. */
export interface ShapeField {
  readonly name: string
  readonly path: LookedPath
}

/** What a shape is sorted by: a path, or one of its aggregates. */
export type ShapeOrder = ({ readonly path: LookedPath } | { readonly by: NamedAggregate }) & {
  readonly descending: boolean
}

/** A select that gives other things than whole rows: chosen values, or values worked out from many rows. */
export interface ShapeSpec {
  /** The rows, and what is read of them as it is for whole rows. Its order is not used. */
  readonly base: SelectSpec
  readonly fields: readonly ShapeField[]
  readonly aggregates: readonly NamedAggregate[]
  /** Whether rows with the same fields are put together, into one if there are no fields. */
  readonly isGrouped: boolean
  readonly isDistinct: boolean
  readonly having: readonly HavingCondition[]
  readonly order: readonly ShapeOrder[]
  /** Paths whose values come after all others in each row. */
  readonly keys?: readonly LookedPath[]
}

/** Shapes with the same key share one statement. */
export function keyOfShape(spec: ShapeSpec): string {
  const fields = spec.fields.map(({ path }) => path.name).join()
  const aggregates = spec.aggregates.map(({ aggregate }) => aggregate.shape).join()
  const having = spec.having.map(shapeOfHaving).join('&')
  const order = spec.order
    .map((term) => `${term.descending ? '-' : ''}${'path' in term ? term.path.name : term.by.name}`)
    .join()
  const keys = spec.keys ? ` keys ${spec.keys.map(({ name }) => name).join()}` : ''
  const names = spec.aggregates.map(({ name }) => name).join()
  const flags = `${spec.isGrouped ? 'grouped' : ''} ${spec.isDistinct ? 'distinct' : ''}`
  return `shape ${shapeOfSpec(spec.base)} (${fields}) (${names}=${aggregates}) having ${having} by ${order} ${flags}${keys}`
}

/** The values of a shape in the order of their slots. */
export function valuesOfShape(spec: ShapeSpec, business: string | null): DriverValue[] {
  const { base, aggregates, having } = spec
  const conditions = [...base.conditions, ...aggregates.flatMap(({ aggregate }) => aggregate.conditions)]
  const compared = having.flatMap(valuesOfHaving)
  const offset = base.window && base.window.offset > 0 ? [base.window.offset] : []
  return [business, ...valuesOfConditions(conditions), ...compared, ...offset]
}
