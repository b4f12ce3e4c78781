import type { DriverValue } from '../dialects/index.ts'
import type { AnyModel, Relation } from '../models/index.ts'
import { type Comparison, type Condition, eachValueHolder, shapeOf } from './condition.ts'
import type { FieldPath } from './field-path.ts'

/** Which rows count, of a model with soft delete. */
export type DeletedRows = 'without' | 'only' | 'with'

/** How rows are held until the transaction ends, if others hold them: wait, leave them out, or be refused. */
export type RowLock = 'wait' | 'skip locked' | 'no wait' | 'share'

export interface OrderTerm {
  readonly path: FieldPath
  readonly descending: boolean
}

/** A foreign key whose row is read along, with the columns wanted of it. */
export interface Expansion {
  readonly name: string
  readonly columns: readonly string[]
}

export interface Window {
  readonly limit: number
  readonly offset: number
}

/** Only the rows that a relation leads to from some others: their owners. Whose a row is stands last in it, by id. */
export interface RelatedRows {
  readonly relation: Relation
  /** That the key to the owner is one of some ids. */
  readonly owners: Comparison
  /** Rows of one owner at the most, the first in order; null for all. */
  readonly perOwner: number | null
}

/** A select of one model, in full: what is compiled, and the values to run it with. */
export interface SelectSpec {
  readonly model: AnyModel
  /** Names of the model's columns, in the order of the result. */
  readonly columns: readonly string[]
  readonly expansions: readonly Expansion[]
  readonly conditions: readonly Condition[]
  readonly order: readonly OrderTerm[]
  readonly deleted: DeletedRows
  readonly window: Window | null
  /** Puts the exact number of rows, whatever the window, into the first column. */
  readonly hasCount: boolean
  /** Locks the rows until the transaction ends. SQLite has one writer and needs no locks. */
  readonly lock?: RowLock | undefined
  /** Paths whose values come after all others in each row. */
  readonly keys?: readonly FieldPath[]
  readonly related?: RelatedRows | undefined
}

/** Specs of one shape share one statement. */
export function shapeOfSpec(spec: SelectSpec): string {
  const expansions = spec.expansions.map(({ name, columns }) => `${name}(${columns.join()})`).join()
  const order = spec.order.map(({ path, descending }) => `${descending ? '-' : ''}${path.name}`).join()
  const flags = `${spec.deleted}${windowShape(spec.window)}${spec.hasCount ? ' count' : ''}${spec.lock ? ` lock ${spec.lock}` : ''}${spec.keys ? ` keys ${spec.keys.map(({ name }) => name).join()}` : ''}${spec.related ? relatedShape(spec.related) : ''}`
  return `${spec.model.label} ${spec.columns.join()} +${expansions} ?${spec.conditions.map(shapeOf).join('&')} ^${order} ${flags}`
}

const relatedShape = ({ relation: { model, column, type, through }, owners, perOwner }: RelatedRows): string =>
  ` over ${(through?.model ?? model).label}.${column.name} ${type?.label ?? ''} ${owners.values.length} ${perOwner}`

/**
 * The limit is a part of the shape, and so is whether there is an offset: a planner that knows neither takes a statement
 * for dearer than it is, and PostgreSQL then plans it anew at every run.
 */
const windowShape = (window: Window | null): string =>
  window === null ? '' : ` limit ${window.limit}${window.offset > 0 ? ' offset' : ''}`

/** The values of a spec in the order of their slots: the business, the comparisons' values, the owners, the offset. */
export function valuesOfSpec(spec: SelectSpec, business: string | null): DriverValue[] {
  const values: DriverValue[] = [business, ...valuesOfConditions(conditionsOf(spec))]
  if (spec.window && spec.window.offset > 0) values.push(spec.window.offset)
  return values
}

/** All that has values in a spec, in the order of their slots. */
export const conditionsOf = ({ conditions, related }: SelectSpec): readonly Condition[] =>
  related ? [...conditions, related.owners] : conditions

/** The values of conditions in the order of their slots. */
export function valuesOfConditions(conditions: readonly Condition[]): DriverValue[] {
  const values: DriverValue[] = []
  for (const condition of conditions) {
    eachValueHolder(condition, (holder) => {
      for (const value of holder.values) values.push(value)
    })
  }
  return values
}
