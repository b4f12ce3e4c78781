import type { Aggregates } from './aggregate-types.ts'
import { resolvePath } from './field-path.ts'
import { havingCondition } from './having.ts'
import { headsOf } from './load-related.ts'
import { resolveLookedPath } from './looked-path.ts'
import { type QuerySource, specOf } from './query-source.ts'
import { countsRelatedOnce, type NamedAggregate, resolveAggregate } from './resolve-aggregate.ts'
import type { RowLock } from './select-spec.ts'
import type { ShapeField, ShapeOrder, ShapeSpec } from './shape-spec.ts'

/** A shape that gives the values at some paths. */
export function valuesShape(source: QuerySource, paths: readonly string[]): ShapeSpec {
  if (paths.length === 0) throw new TypeError('Name the values that are wanted')
  const whole = specOf(source)
  return {
    base: { ...whole, columns: [], expansions: [], order: [] },
    fields: fieldsOf(source, paths),
    aggregates: [],
    isGrouped: false,
    isDistinct: false,
    having: [],
    order: whole.order,
  }
}

/** A shape that gives whole rows, each with values of the rows that are related to it. */
export function annotatedShape(source: QuerySource, annotations: Aggregates): ShapeSpec {
  const whole = specOf(source)
  const aggregates = aggregatesOf(source, annotations)
  const loaded = headsOf(source.state.loaded)
  for (const { name, aggregate } of aggregates) {
    if (loaded.includes(name)) {
      throw new TypeError(`Cannot annotate ${source.model.label} with ${name}: the rows loaded along have that name`)
    }
    if (source.model.columns.has(name) || name === 'is_deleted') {
      throw new TypeError(`Cannot annotate ${source.model.label} with ${name}: it has a field of that name`)
    }
    if (aggregate.steps.length === 0) {
      throw new TypeError(
        `Cannot annotate each row with ${name}: its path leads to no other rows. For groups take groupBy(), for all rows aggregate()`,
      )
    }
  }
  const base = { ...whole, order: [] }
  return { base, fields: [], aggregates, isGrouped: false, isDistinct: false, having: [], order: whole.order }
}

/** A shape that gives one row for each group of rows with the same values at some paths; without paths, one for all. */
export function groupedShape(source: QuerySource, paths: readonly string[], annotations: Aggregates): ShapeSpec {
  assertHoldsNone(source.state.lock, 'groups')
  const fields = fieldsOf(source, paths)
  const aggregates = aggregatesOf(source, annotations)
  for (const { name, aggregate } of aggregates) {
    if (paths.includes(name)) throw new TypeError(`Cannot call an aggregate ${name}: the groups have that name`)
    // PostgreSQL knows columns of groups inside a subquery, but no expressions.
    if (countsRelatedOnce(aggregate) && fields.some(({ path }) => path.view)) {
      throw new TypeError(
        `Cannot work out ${name}: in groups by parts of dates, values over a relation are not counted once each. Query the related model`,
      )
    }
  }
  const base = { ...specOf(source), columns: [], expansions: [], order: [] }
  const order = fields.map(({ path }) => ({ path, descending: false }))
  return { base, fields, aggregates, isGrouped: true, isDistinct: false, having: [], order }
}

/** A row that stands for several cannot be held. */
function assertHoldsNone(lock: RowLock | undefined, what: string): void {
  if (lock) throw new TypeError(`forUpdate() holds rows, not ${what}: hold the rows by themselves first`)
}

function fieldsOf({ ctx, model }: QuerySource, paths: readonly string[]): ShapeField[] {
  return [...new Set(paths)].map((name) => ({ name, path: resolveLookedPath(ctx.store.registry, model, name) }))
}

function aggregatesOf({ ctx, model }: QuerySource, annotations: Aggregates): NamedAggregate[] {
  const entries = Object.entries(annotations)
  if (entries.length === 0) throw new TypeError('Name what is to be worked out')
  return entries.map(([name, aggregate]) => ({ name, aggregate: resolveAggregate(ctx, model, aggregate) }))
}

/** The same shape in another order. @throws {TypeError} for a name that the shape cannot be sorted by */
export function orderedShape({ ctx, model }: QuerySource, spec: ShapeSpec, names: readonly string[]): ShapeSpec {
  const needsField = spec.isGrouped || spec.isDistinct
  const order = names.map((signed): ShapeOrder => {
    const descending = signed.startsWith('-')
    const name = descending ? signed.slice(1) : signed
    const by = spec.aggregates.find((each) => each.name === name)
    if (by) return { by, descending }
    if (needsField && !spec.fields.some((field) => field.name === name)) {
      throw new TypeError(`Cannot sort by ${name}: it is none of ${namesOf(spec).join(', ')}`)
    }
    return { path: resolveLookedPath(ctx.store.registry, model, name), descending }
  })
  // Whatever stays equal is told apart, so that pages neither skip nor repeat.
  const rest: ShapeOrder[] = needsField
    ? spec.fields.filter(({ name }) => !names.some((signed) => signed.replace(/^-/, '') === name)).map(ascending)
    : [{ path: resolvePath(ctx.store.registry, model, 'id'), descending: order.at(-1)?.descending ?? true }]
  return { ...spec, order: [...order, ...rest] }
}

const ascending = ({ path }: ShapeField): ShapeOrder => ({ path, descending: false })

const namesOf = ({ fields, aggregates }: ShapeSpec): string[] => [...fields, ...aggregates].map(({ name }) => name)

/** The same shape with each combination of values once, in their order. */
export function distinctShape(spec: ShapeSpec): ShapeSpec {
  if (spec.aggregates.length > 0 || spec.base.columns.length > 0) {
    throw new TypeError('distinct() is for values: rows and groups are told apart already')
  }
  assertHoldsNone(spec.base.lock, 'distinct values')
  const isShown = (term: ShapeOrder): boolean =>
    'path' in term && spec.fields.some(({ path }) => path.name === term.path.name)
  const shown = spec.order.filter(isShown)
  const rest = spec.fields.filter(({ path }) => !shown.some((term) => 'path' in term && term.path.name === path.name))
  return { ...spec, isDistinct: true, order: [...shown, ...rest.map(ascending)] }
}

/** The same shape, of which only what meets conditions on its aggregates is kept. @throws {ApiError} `validation_failed` */
export function havingShape({ ctx }: QuerySource, spec: ShapeSpec, wanted: object): ShapeSpec {
  const condition = havingCondition(wanted, { aggregates: spec.aggregates, dialect: ctx.store.database.dialect })
  return { ...spec, having: [...spec.having, condition] }
}
