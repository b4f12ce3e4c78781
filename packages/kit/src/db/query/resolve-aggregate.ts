import { type Arithmetic, arithmeticOf, isForeignKey } from '../fields/index.ts'
import { type AnyModel, type Column, columnNamed, type Relation } from '../models/index.ts'
import type { Aggregate, AggregateFunction } from './aggregate.ts'
import { type Condition, shapeOf } from './condition.ts'
import { type FieldPath, resolvePath } from './field-path.ts'
import { filterConditions } from './filter-conditions.ts'
import type { QueryScope } from './query-scope.ts'

/** A step to many rows, after foreign keys that each lead to one. */
export interface ManyStep {
  readonly hops: readonly Column[]
  readonly relation: Relation
}

/** An aggregate with its path found. */
export interface ResolvedAggregate {
  readonly fn: AggregateFunction
  readonly isDistinct: boolean
  /** The steps to the rows that are gathered; none if they are the query's own. */
  readonly steps: readonly ManyStep[]
  /** The model whose rows are gathered. */
  readonly model: AnyModel
  /** What is gathered of each row; null for the row itself. */
  readonly path: FieldPath | null
  readonly conditions: readonly Condition[]
  /** Identifies it, without the values of its conditions. */
  readonly shape: string
}

/** An aggregate under the name that it is asked by. */
export interface NamedAggregate {
  readonly name: string
  readonly aggregate: ResolvedAggregate
}

/** @throws {TypeError} if the path leads nowhere, or its field cannot be added up or put in an order */
export function resolveAggregate(ctx: QueryScope, model: AnyModel, aggregate: Aggregate): ResolvedAggregate {
  const { fn, isDistinct, where } = aggregate
  const place = placeOf(ctx, model, aggregate.path)
  const conditions = filterConditions(ctx.store, place.model, [Object(where)])
  assertSuits(model, aggregate, place.path)
  if (isDistinct && place.path === null) throw new TypeError('count() counts each value once of a field: name one')
  const shape = `${fn}${isDistinct ? ' distinct' : ''}(${aggregate.path})[${conditions.map(shapeOf).join('&')}]`
  return { fn, isDistinct, conditions, shape, ...place }
}

type AggregatePlace = Pick<ResolvedAggregate, 'steps' | 'model' | 'path'>

function placeOf({ store }: QueryScope, model: AnyModel, name: string): AggregatePlace {
  const { registry } = store
  const steps: ManyStep[] = []
  let rows = model
  let at = model
  let hops: Column[] = []
  let rest: string[] = []
  for (const word of name.split('__')) {
    const relation = registry.relation(at, word)
    if (relation) {
      steps.push({ hops, relation })
      rows = relation.model
      at = rows
      hops = []
      rest = []
      continue
    }
    rest.push(word)
    const column = at.columns.get(word)
    if (column && isForeignKey(column.kind)) {
      hops = [...hops, column]
      at = registry.target(column)
    }
  }
  const last = rest.join('__')
  const isRows = last === '' || (last === '*' && steps.length === 0)
  return { steps, model: rows, path: isRows ? null : resolvePath(registry, rows, last) }
}

function assertSuits(model: AnyModel, { fn, path: name }: Aggregate, path: FieldPath | null): void {
  if (fn === 'count') return
  const subject = `Cannot work out ${fn}('${name}') of ${model.label}`
  if (path === null) throw new TypeError(`${subject}: name a field of the rows`)
  const { kind } = path.column
  if ((fn === 'sum' || fn === 'avg') && arithmeticOf(kind) === null) throw new TypeError(`${subject}: it is no number`)
  if (!kind.lookups.includes('gt')) throw new TypeError(`${subject}: its values have no order`)
}

/** Whether an aggregate counts each value of related rows once. */
export const countsRelatedOnce = ({ isDistinct, steps }: ResolvedAggregate): boolean => isDistinct && steps.length > 0

/** How the field of an aggregate is reckoned with. */
export function arithmeticOfPath({ path }: ResolvedAggregate): Arithmetic {
  const arithmetic = path && arithmeticOf(path.column.kind)
  if (!arithmetic) throw new TypeError('The field of a sum or a mean is a number')
  return arithmetic
}

/** The column that stands for a row: it is never null. */
export const idOf = (model: AnyModel): Column => columnNamed(model, 'id')
